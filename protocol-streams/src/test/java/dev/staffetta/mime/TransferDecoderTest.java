package dev.staffetta.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferDecoderTest {
  /** In these texts {@code /} is CRLF. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        // RFC 2045 6.7, the example.
        "Now's the time =/for all folk to come=/ to the aid of their country."
            + "|Now's the time for all folk to come to the aid of their country.",
        "a=3Db|a=b",
        "a=3db|a=b",
        "=E9|\u00e9",
        "trailing  \t/next|trailing/next",
        "trailing =20/next|trailing  /next",
        "soft= \t/break|softbreak",
        "a=b|a=b",
        "a==3D|a==",
        "a=4|a=4",
        "a=4/b|a=4/b",
        "=|",
        "a=|a",
        " |' '",
        "a b|a b",
      })
  void decodesQuotedPrintable(String encoded, String text) {
    String expected = text == null ? "" : text.replace("' '", " ");
    assertThat(decoded("quoted-printable", encoded.replace("/", "\r\n")))
        .isEqualTo(expected.replace("/", "\r\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "SGVsbG8=,Hello",
    "SGVs~bG8=,Hello",
    "S G!V-s~bG8,Hello",
    "SGVsbG8=SGVsbG8=,HelloHello",
    "S,''",
    "=,''",
    "SGVsbG8h,Hello!",
    "'',''"
  })
  void decodesBase64(String encoded, String text) {
    assertThat(decoded("base64", encoded.replace("~", "\r\n"))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"7bit", "8bit", "binary", "x-unknown"})
  void leavesOtherEncodingsAlone(String encoding) {
    assertThat(decoded(encoding, "a=3D \r\n")).isEqualTo("a=3D \r\n");
  }

  @Property
  void whatIsEncodedComesBackWhateverTheChunks(@ForAll byte[] bytes, @ForAll long cuts) {
    byte[] base64 = Base64.getMimeEncoder().encode(bytes);
    assertThat(inPieces(TransferDecoder.base64(), base64, cuts)).isEqualTo(bytes);
    StringBuilder quoted = new StringBuilder();
    for (byte b : bytes) {
      quoted.append(b > ' ' && b < 0x7f && b != '=' ? "" + (char) b : String.format("=%02X", b));
      quoted.append(quoted.length() % 7 == 0 ? "= \r\n" : "");
    }
    byte[] printable = quoted.toString().getBytes(StandardCharsets.US_ASCII);
    assertThat(inPieces(TransferDecoder.quotedPrintable(), printable, cuts)).isEqualTo(bytes);
  }

  @Property
  void anyBytesDecodeAndChunksDoNotMatter(@ForAll byte[] bytes, @ForAll long cuts) {
    for (String encoding : new String[] {"base64", "quoted-printable", "8bit"}) {
      TransferDecoder whole = TransferDecoder.of(Optional.of(encoding));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(whole.decode(bytes, 0, bytes.length));
      out.writeBytes(whole.finish());
      assertThat(inPieces(TransferDecoder.of(Optional.of(encoding)), bytes, cuts))
          .isEqualTo(out.toByteArray());
    }
  }

  private static String decoded(String encoding, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return new String(
        inPieces(TransferDecoder.of(Optional.of(encoding)), bytes, 7), StandardCharsets.ISO_8859_1);
  }

  private static byte[] inPieces(TransferDecoder decoder, byte[] bytes, long cuts) {
    Random random = new Random(cuts);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 0;
    while (at < bytes.length) {
      int next = Math.min(bytes.length, at + 1 + random.nextInt(5));
      out.writeBytes(decoder.decode(bytes, at, next));
      at = next;
    }
    out.writeBytes(decoder.finish());
    return out.toByteArray();
  }
}
