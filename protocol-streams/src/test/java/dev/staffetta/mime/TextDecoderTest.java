package dev.staffetta.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextDecoderTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "utf-8",
        "UTF-16BE",
        "iso-2022-jp",
        "shift_jis",
        "euc-jp",
        "gb2312",
        "big5",
        "koi8-r"
      })
  void decodesCharsetsByteByByte(String charset) {
    String text =
        charset.equals("koi8-r")
            ? "\u043f\u0440\u0438\u0432\u0435\u0442"
            : "abc \u65e5\u672c\u4e2d";
    byte[] bytes = text.getBytes(Charset.forName(charset));
    assertThat(decoded("; charset=" + charset, bytes, 3)).isEqualTo(text);
  }

  @Test
  void withoutACharsetItIsUtf8AsFarAsItCanBe() {
    byte[] mixed = {(byte) 0xc3, (byte) 0xa9, ' ', (byte) 0xe9, ' ', (byte) 0x80, (byte) 0xc3};
    assertThat(decoded("", mixed, 3)).isEqualTo("\u00e9 \u00e9 \u20ac\u00c3");
    assertThat(decoded("; charset=no-such", mixed, 3)).isEqualTo("\u00e9 \u00e9 \u20ac\u00c3");
    assertThat(decoded("; charset=us-ascii", mixed, 3)).isEqualTo("\u00e9 \u00e9 \u20ac\u00c3");
  }

  @Property
  void anyBytesAreSomeTextInEveryCharset(@ForAll byte[] bytes, @ForAll long cuts) {
    for (String charset : new String[] {"utf-8", "utf-16", "iso-2022-kr", "gb18030", "x-none"}) {
      String type = "; charset=" + charset;
      assertThat(decoded(type, bytes, cuts)).isNotNull();
    }
    assertThat(decoded("", bytes, cuts)).isEqualTo(decoded("", bytes, cuts + 1));
  }

  private static String decoded(String parameters, byte[] bytes, long cuts) {
    byte[] header =
        ("Content-Type: text/plain" + parameters + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    TextDecoder decoder = TextDecoder.of(MessageParser.parse(ByteString.fromArray(header)).body());
    Random random = new Random(cuts);
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < bytes.length) {
      int next = Math.min(bytes.length, at + 1 + random.nextInt(2));
      text.append(decoder.decode(bytes, at, next));
      at = next;
    }
    return text.append(decoder.finish()).toString();
  }
}
