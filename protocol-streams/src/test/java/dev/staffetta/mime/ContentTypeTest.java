package dev.staffetta.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentTypeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // RFC 2045 5.1, the examples.
        "text/plain; charset=us-ascii (Plain text)|charset|us-ascii",
        "text/plain; charset=\"us-ascii\"|charset|us-ascii",
        // RFC 2231 3, 4 and 4.1, the examples.
        "message/external-body; URL*0=\"ftp://\"; URL*1=\"cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar\""
            + "|url|ftp://cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar",
        "application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A"
            + "|title|This is ***fun***",
        "application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20;"
            + " title*2=\"isn't it!\"|title|This is even more ***fun*** isn't it!",
        "a/b; x*=utf-8''%e2%82%ac|x|\u20ac",
        "a/b; x*=%zz%4|x|%zz%4",
        "a/b; x*1=b; x*0=a; x*3=d|x|ab",
        "a/b; x=plain; x*=utf-8''better|x|better",
        "a/b; x=one; x=two|x|one",
        "a/b;X = \"a\\\"b\\\\c\"|x|a\"b\\c",
        "a/b x=y|x|y",
        "a/b; ;; =z; foo; x=y|x|y",
        "a/b; x=\"unclosed|x|unclosed",
        "a/b; x=y; z|z|",
      })
  void readsParameters(String field, String name, String value) {
    assertThat(parse(field).parameter(name).orElse("")).isEqualTo(value == null ? "" : value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TEXT/Html|text|html",
        "(c) text (c) / (c) html (c); a=b|text|html",
        "image/svg+xml|image|svg+xml",
        "text/plain, text/html|text|plain",
      })
  void readsTypes(String field, String type, String subtype) {
    assertThat(parse(field).is(type, subtype)).isTrue();
  }

  private static ContentType parse(String field) {
    byte[] message = ("Content-Type: " + field + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    return MessageParser.parse(ByteString.fromArray(message)).body().type();
  }
}
