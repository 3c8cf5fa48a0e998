package dev.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class BlindCopiesTest {
  @Test
  void blindCopiesGoWithAllTheirLines() {
    assertThat(scan("A: b\r\nBcc: c\r\n d\r\n\te\r\nF: g\r\n h\r\n\r\nBcc: body\r\n"))
        .isEqualTo("A: b\r\nF: g\r\n h\r\n\r\nBcc: body\r\n");
    assertThat(scan("bCC :\r\nRESENT-BCC:x\r\nBcc2: y\r\nX-Bcc: z\r\n\r\n"))
        .isEqualTo("Bcc2: y\r\nX-Bcc: z\r\n\r\n");
    assertThat(scan("Bcc: " + "x".repeat(5000) + "\r\n y\r\nA: b\r\n\r\n"))
        .isEqualTo("A: b\r\n\r\n");
    assertThat(scan("Bcc: x")).isEmpty();
    assertThat(scan("Bcc")).isEqualTo("Bcc");
  }

  @Test
  void aTextIsNotTouched() {
    assertThat(scan("Hello\r\nBcc: x\r\n")).isEqualTo("Hello\r\nBcc: x\r\n");
    assertThat(scan("\r\nBcc: x\r\n")).isEqualTo("\r\nBcc: x\r\n");
  }

  @Provide
  Arbitrary<List<String>> parts() {
    return Arbitraries.of(
            "\r\n", "Bcc: x", "bcc", ":", "A: b", " folded", "text", "a".repeat(90), "é", "\t")
        .list()
        .ofMaxSize(12);
  }

  @Property(tries = 3000)
  void segmentsDoNotMatter(@ForAll("parts") List<String> parts, @ForAll List<Integer> cuts) {
    String text = String.join("", parts);
    int[] at = cuts.stream().mapToInt(c -> Math.floorMod(c, text.length() + 1)).sorted().toArray();
    BlindCopies copies = BlindCopies.start();
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int i = 0; i <= at.length; i++) {
      int to = i < at.length ? at[i] : text.length();
      BlindCopies.Scanned scanned = copies.take(bytes(text.substring(from, to)));
      copies = scanned.next();
      out.append(text(scanned.octets()));
      from = to;
    }
    assertThat(out.append(text(copies.finish()))).hasToString(scan(text));
  }

  private static String scan(String text) {
    BlindCopies.Scanned scanned = BlindCopies.start().take(bytes(text));
    return text(scanned.octets()) + text(scanned.next().finish());
  }

  private static ByteString bytes(String text) {
    return ByteString.fromString(text, StandardCharsets.ISO_8859_1);
  }

  private static String text(ByteString bytes) {
    return bytes.decodeString(StandardCharsets.ISO_8859_1);
  }
}
