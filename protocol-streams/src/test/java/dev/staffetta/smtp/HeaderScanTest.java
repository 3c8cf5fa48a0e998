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

class HeaderScanTest {
  private static final HeaderScan.Missing MISSING =
      new HeaderScan.Missing("", "Date: d\r\n", "Message-ID: m\r\n");

  @Test
  void whatIsMissingComesAtTheEndOfTheHeader() {
    assertThat(scan("Subject: a\r\n\r\nDate: no\r\n"))
        .isEqualTo("Subject: a\r\nDate: d\r\nMessage-ID: m\r\n\r\nDate: no\r\n");
    assertThat(scan("Subject: a\r\nMessage-Id: x\r\n\r\n"))
        .isEqualTo("Subject: a\r\nMessage-Id: x\r\nDate: d\r\n\r\n");
    assertThat(scan("DATE : a\r\nmessage-id:\r\n x\r\n\r\na"))
        .isEqualTo("DATE : a\r\nmessage-id:\r\n x\r\n\r\na");
  }

  @Test
  void aMessageMayBeAllHeader() {
    assertThat(scan("")).isEqualTo("Date: d\r\nMessage-ID: m\r\n");
    assertThat(scan("A: b\r\n")).isEqualTo("A: b\r\nDate: d\r\nMessage-ID: m\r\n");
    assertThat(scan("A: b")).isEqualTo("A: b\r\nDate: d\r\nMessage-ID: m\r\n");
    assertThat(scan("Date: b")).isEqualTo("Date: b\r\nMessage-ID: m\r\n");
  }

  @Test
  void textWithoutHeaderGetsAnEmptyLine() {
    assertThat(scan("Hello\r\nDate: x\r\n"))
        .isEqualTo("Date: d\r\nMessage-ID: m\r\n\r\nHello\r\nDate: x\r\n");
    assertThat(scan("Hello")).isEqualTo("Date: d\r\nMessage-ID: m\r\n\r\nHello");
    assertThat(scan(" Hello\r\n")).isEqualTo("Date: d\r\nMessage-ID: m\r\n\r\n Hello\r\n");
    assertThat(scan(": Hello\r\n")).isEqualTo("Date: d\r\nMessage-ID: m\r\n\r\n: Hello\r\n");
    assertThat(scan("\r\nHello\r\n"))
        .isEqualTo(
            "Date: d\r\nMessage-ID: m\r\n\r\nHello\r\n".replace("m\r\nHello", "m\r\n\r\nHello"));
  }

  @Test
  void aHeaderThatBreaksOffIsLeftAlone() {
    assertThat(scan("Subject: a\r\nHello\r\n\r\nb")).isEqualTo("Subject: a\r\nHello\r\n\r\nb");
  }

  @Test
  void aVeryLongFieldIsNotHeld() {
    String field = "X: " + "a".repeat(5000) + "\r\n";
    assertThat(scan(field + "\r\nb")).isEqualTo(field + "Date: d\r\nMessage-ID: m\r\n\r\nb");
    HeaderScan scan = HeaderScan.start(MISSING);
    for (int i = 0; i < 100; i++) {
      HeaderScan.Scanned scanned = scan.take(bytes("a:".repeat(100)));
      scan = scanned.next();
      assertThat(scan.held().length()).isLessThanOrEqualTo(1000);
    }
  }

  @Test
  void hopsAreCounted() {
    HeaderScan scan = HeaderScan.start(HeaderScan.Missing.NOTHING);
    String text =
        "Received: a\r\n received: b\r\nRECEIVED:\r\nX-Received: c\r\n\r\nReceived: d\r\n";
    assertThat(scan.take(bytes(text)).next().receivedFields()).isEqualTo(2);
  }

  @Provide
  Arbitrary<List<String>> parts() {
    return Arbitraries.of(
            "\r\n",
            "A: b",
            "Date: x",
            "Message-ID: y",
            " folded",
            "text",
            ":",
            "a".repeat(600),
            "é")
        .list()
        .ofMaxSize(12);
  }

  @Property(tries = 3000)
  void segmentsDoNotMatter(@ForAll("parts") List<String> parts, @ForAll List<Integer> cuts) {
    String text = String.join("", parts);
    int[] at = cuts.stream().mapToInt(c -> Math.floorMod(c, text.length() + 1)).sorted().toArray();
    HeaderScan scan = HeaderScan.start(MISSING);
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int i = 0; i <= at.length; i++) {
      int to = i < at.length ? at[i] : text.length();
      HeaderScan.Scanned scanned = scan.take(bytes(text.substring(from, to)));
      scan = scanned.next();
      out.append(text(scanned.octets()));
      from = to;
    }
    out.append(text(scan.finish()));
    assertThat(out).hasToString(scan(text));
  }

  @Property(tries = 3000)
  void nothingIsTakenAway(@ForAll("parts") List<String> parts) {
    String text = String.join("", parts);
    HeaderScan scan = HeaderScan.start(HeaderScan.Missing.NOTHING);
    HeaderScan.Scanned scanned = scan.take(bytes(text));
    String out = text(scanned.octets()) + text(scanned.next().finish());
    assertThat(out).isIn(text, "\r\n" + text);
  }

  private static String scan(String text) {
    HeaderScan.Scanned scanned = HeaderScan.start(MISSING).take(bytes(text));
    return text(scanned.octets()) + text(scanned.next().finish());
  }

  private static ByteString bytes(String text) {
    return ByteString.fromString(text, StandardCharsets.ISO_8859_1);
  }

  private static String text(ByteString bytes) {
    return bytes.decodeString(StandardCharsets.ISO_8859_1);
  }
}
