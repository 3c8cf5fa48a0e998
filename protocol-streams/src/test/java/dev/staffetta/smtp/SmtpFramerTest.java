package dev.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.smtp.SmtpFrame.BadLine;
import dev.staffetta.smtp.SmtpFrame.Chunk;
import dev.staffetta.smtp.SmtpFrame.End;
import dev.staffetta.smtp.SmtpFrame.Line;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class SmtpFramerTest {
  private static final int MAX_LINE = 1000;

  @Test
  void onlyCrlfEndsALine() {
    SmtpFramer framer = new SmtpFramer(MAX_LINE);
    framer.offer(bytes("NOOP\r\n\r\nA\nB\r\nC\rD\r\nE\r"));
    assertThat(framer.poll()).contains(line("NOOP"));
    assertThat(framer.poll()).contains(line(""));
    assertThat(framer.poll()).contains(new BadLine(BadLine.Fault.BARE_CR_OR_LF));
    assertThat(framer.poll()).contains(new BadLine(BadLine.Fault.BARE_CR_OR_LF));
    assertThat(framer.poll()).isEmpty();
    framer.offer(bytes("\n"));
    assertThat(framer.poll()).contains(line("E"));
  }

  @Test
  void aLineTooLongIsToldOnceAndSkippedInBoundedMemory() {
    SmtpFramer framer = new SmtpFramer(MAX_LINE);
    framer.offer(bytes("a".repeat(MAX_LINE) + "\r\n" + "a".repeat(MAX_LINE + 1)));
    assertThat(framer.poll()).contains(line("a".repeat(MAX_LINE)));
    assertThat(framer.poll()).contains(new BadLine(BadLine.Fault.TOO_LONG));
    for (int i = 0; i < 1000; i++) {
      framer.offer(bytes("\n\r" + "a".repeat(MAX_LINE)));
      assertThat(framer.poll()).isEmpty();
    }
    framer.offer(bytes("\r\nNOOP\r\n"));
    assertThat(framer.poll()).contains(line("NOOP"));
  }

  @Test
  void afterTheEndOfDataThereAreLines() {
    SmtpFramer framer = new SmtpFramer(MAX_LINE);
    framer.mode(new SmtpMode.Data());
    framer.offer(bytes("a\r\n..b\r\n.\r\nQUIT\r\n"));
    assertThat(framer.poll()).contains(new Chunk(bytes("a\r\n.b\r\n")));
    assertThat(framer.poll()).contains(new End(true));
    assertThat(framer.poll()).contains(line("QUIT"));
  }

  @Test
  void aMessageMayBeEmpty() {
    SmtpFramer framer = new SmtpFramer(MAX_LINE);
    framer.mode(new SmtpMode.Data());
    framer.offer(bytes(".\r\n"));
    assertThat(framer.poll()).contains(new End(true));
  }

  @Test
  void aMessageWithoutDotsIsNotCopied() {
    byte[] segment = ("line\r\n".repeat(100) + ".\r\n").getBytes(StandardCharsets.US_ASCII);
    SmtpFramer framer = new SmtpFramer(MAX_LINE);
    framer.mode(new SmtpMode.Data());
    framer.offer(ByteString.fromArrayUnsafe(segment));
    Chunk chunk = (Chunk) framer.poll().orElseThrow();
    segment[0] = 'L';
    assertThat(chunk.octets().apply(0)).isEqualTo((byte) 'L');
  }

  @Test
  void aLargeSegmentIsCutIntoChunks() {
    SmtpFramer framer = new SmtpFramer(MAX_LINE);
    framer.mode(new SmtpMode.Counted(150_000, false));
    framer.offer(bytes("a".repeat(150_000) + "NOOP\r\n"));
    assertThat(frames(framer))
        .extracting(f -> f instanceof Chunk chunk ? chunk.octets().length() : -1)
        .containsExactly(SmtpFramer.MAX_CHUNK, SmtpFramer.MAX_CHUNK, 150_000 - 2 * 65536, -1, -1);
  }

  @Test
  void resetDropsWhatWaits() {
    SmtpFramer framer = new SmtpFramer(MAX_LINE);
    framer.offer(bytes("STARTTLS\r\nMAIL FROM:<>\r\nRC"));
    assertThat(framer.poll()).contains(line("STARTTLS"));
    framer.reset();
    framer.offer(bytes("EHLO a\r\n"));
    assertThat(framer.poll()).contains(line("EHLO a"));
    assertThat(framer.poll()).isEmpty();
  }

  /** All that the letters of smuggling can be put together to. */
  @Provide
  Arbitrary<String> streams() {
    return Arbitraries.of(
            "\r\n", "\r\n.\r\n", "\r", "\n", ".", "a", "\r\n.", ".\r\n", "\0", "\u00ff")
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }

  /** Against RFC 5321 4.1.1.4 and 4.5.2 in their simplest form. */
  @Property(tries = 5000)
  void dataEndsWhereTheRfcSaysWhateverTheSegments(
      @ForAll("streams") String sent, @ForAll List<Integer> cuts) {
    String framed = "\r\n" + sent;
    int end = framed.indexOf("\r\n.\r\n");
    List<SmtpFrame> frames = cut(new SmtpMode.Data(), sent + ".\r\n", cuts);
    if (end < 0) {
      // The stream may not have ended the message; then the dot that follows does, or nothing.
      return;
    }
    String content = framed.substring(2, end + 2);
    boolean clean = !content.replace("\r\n", "").matches("(?s).*[\r\n].*");
    int endAt = indexOfEnd(frames);
    assertThat(frames.get(endAt)).isEqualTo(new End(clean));
    if (clean) {
      String unstuffed = ("\r\n" + content).replace("\r\n.", "\r\n").substring(2);
      assertThat(octets(frames.subList(0, endAt))).isEqualTo(unstuffed);
    }
    // What comes after is lines, the same as by themselves.
    String rest = framed.substring(end + 5) + ".\r\n";
    assertThat(frames.subList(endAt + 1, frames.size()))
        .isEqualTo(frames(offered(new SmtpFramer(MAX_LINE), rest)));
  }

  @Property(tries = 2000)
  void dataHasNoEndWithoutALoneDot(@ForAll("streams") String sent, @ForAll List<Integer> cuts) {
    boolean ends = ("\r\n" + sent).contains("\r\n.\r\n");
    List<SmtpFrame> frames = cut(new SmtpMode.Data(), sent, cuts);
    assertThat(frames.stream().anyMatch(f -> f instanceof End)).isEqualTo(ends);
  }

  @Property
  void dotStuffingIsUndone(@ForAll("streams") String any, @ForAll List<Integer> cuts) {
    String message = any.replaceAll("[\r\n]+", "\r\n") + "\r\n";
    String stuffed = ("\r\n" + message).replace("\r\n.", "\r\n..").substring(2);
    List<SmtpFrame> frames = cut(new SmtpMode.Data(), stuffed + ".\r\n", cuts);
    assertThat(octets(frames)).isEqualTo(message);
    assertThat(frames.get(frames.size() - 1)).isEqualTo(new End(true));
  }

  @Property
  void countedOctetsAreTheSameWhateverTheSegments(
      @ForAll("streams") String sent, @ForAll List<Integer> cuts, @ForAll boolean afterCr) {
    if (sent.isEmpty()) {
      return;
    }
    List<SmtpFrame> frames =
        cut(new SmtpMode.Counted(sent.length(), afterCr), sent + "NOOP\r\n", cuts);
    String seen = (afterCr ? "\r" : "") + sent;
    // A CR at the very end may yet be followed by its LF.
    String whole = seen.endsWith("\r") ? seen.substring(0, seen.length() - 1) : seen;
    boolean clean = !whole.replace("\r\n", "").matches("(?s).*[\r\n].*");
    int end = indexOfEnd(frames);
    assertThat(frames.get(end)).isEqualTo(new End(clean));
    assertThat(frames.subList(end + 1, frames.size())).containsExactly(line("NOOP"));
    if (clean) {
      assertThat(octets(frames)).isEqualTo(sent);
    }
  }

  @Property
  void skippedOctetsAreNeverLines(@ForAll("streams") String sent, @ForAll List<Integer> cuts) {
    if (sent.isEmpty()) {
      return;
    }
    List<SmtpFrame> frames = cut(new SmtpMode.Skipped(sent.length()), sent + "NOOP\r\n", cuts);
    assertThat(frames.get(frames.size() - 2)).isEqualTo(new End(true));
    assertThat(frames.get(frames.size() - 1)).isEqualTo(line("NOOP"));
    assertThat(octets(frames)).isEmpty();
  }

  @Property
  void linesAreTheSameWhateverTheSegments(
      @ForAll("streams") String sent, @ForAll List<Integer> cuts) {
    SmtpFramer framer = new SmtpFramer(5);
    List<SmtpFrame> frames = new ArrayList<>();
    for (String segment : segments(sent, cuts)) {
      frames.addAll(frames(offered(framer, segment)));
    }
    assertThat(frames).isEqualTo(frames(offered(new SmtpFramer(5), sent)));
  }

  /** Against RFC 5321 2.3.8 in its simplest form. */
  @Property(tries = 2000)
  void linesEndWhereTheRfcSays(@ForAll("streams") String sent) {
    String[] pieces = sent.split("\r\n", -1);
    List<SmtpFrame> expected = new ArrayList<>();
    for (int i = 0; i < pieces.length; i++) {
      boolean isWhole = i + 1 < pieces.length;
      // A CR at the very end may yet be followed by its LF.
      String judged = isWhole ? pieces[i] : pieces[i].replaceFirst("\r\\z", "");
      if (judged.contains("\r") || judged.contains("\n")) {
        expected.add(new BadLine(BadLine.Fault.BARE_CR_OR_LF));
      } else if (isWhole) {
        expected.add(line(pieces[i]));
      }
    }
    assertThat(frames(offered(new SmtpFramer(MAX_LINE), sent))).isEqualTo(expected);
  }

  private static List<SmtpFrame> cut(SmtpMode mode, String sent, List<Integer> cuts) {
    SmtpFramer framer = new SmtpFramer(MAX_LINE);
    framer.mode(mode);
    List<SmtpFrame> frames = new ArrayList<>();
    for (String segment : segments(sent, cuts)) {
      frames.addAll(frames(offered(framer, segment)));
    }
    return frames;
  }

  private static List<String> segments(String sent, List<Integer> cuts) {
    int[] at =
        cuts.stream().mapToInt(cut -> Math.floorMod(cut, sent.length() + 1)).sorted().toArray();
    List<String> segments = new ArrayList<>();
    int from = 0;
    for (int to : at) {
      segments.add(sent.substring(from, to));
      from = to;
    }
    segments.add(sent.substring(from));
    return segments;
  }

  private static SmtpFramer offered(SmtpFramer framer, String segment) {
    framer.offer(bytes(segment));
    return framer;
  }

  private static List<SmtpFrame> frames(SmtpFramer framer) {
    List<SmtpFrame> frames = new ArrayList<>();
    for (Optional<SmtpFrame> f = framer.poll(); f.isPresent(); f = framer.poll()) {
      frames.add(f.get());
    }
    return frames;
  }

  private static int indexOfEnd(List<SmtpFrame> frames) {
    int end = 0;
    while (!(frames.get(end) instanceof End)) {
      end++;
    }
    return end;
  }

  private static String octets(List<SmtpFrame> frames) {
    StringBuilder octets = new StringBuilder();
    for (SmtpFrame frame : frames) {
      if (frame instanceof Chunk chunk) {
        assertThat(chunk.octets().length()).isBetween(1, SmtpFramer.MAX_CHUNK);
        octets.append(chunk.octets().decodeString(StandardCharsets.ISO_8859_1));
      }
    }
    return octets.toString();
  }

  private static Line line(String text) {
    return new Line(bytes(text));
  }

  private static ByteString bytes(String text) {
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    // As a slice, in the way they come from a socket.
    byte[] padded = Arrays.copyOf(octets, octets.length + 3);
    return ByteString.fromArrayUnsafe(padded, 0, octets.length);
  }
}
