package dev.staffetta.imap.framing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class ImapFramerTest {
  private static final int MAX_LINE = 100;

  private final ImapFramer framer = new ImapFramer(MAX_LINE);

  @Test
  void aLineEndsWithCrlfOrLf() {
    offer("a NOOP\r\nb NOOP\n\r\nc");
    assertThat(frames()).containsExactly(line("a NOOP"), line("b NOOP"), line(""));
    offer(" NOOP\r");
    assertThat(frames()).isEmpty();
    offer("\n");
    assertThat(frames()).containsExactly(line("c NOOP"));
  }

  @Test
  void aLiteralWaitsForTheSession() {
    offer("a LOGIN {3}\r\nmrc {6+}\r\nsecret\r\n");
    assertThat(frames()).containsExactly(ahead("a LOGIN {3}", 3, true));
    framer.mode(new ImapMode.Literal(3));
    assertThat(frames()).containsExactly(chunk("mrc"), ahead(" {6+}", 6, false));
    framer.mode(new ImapMode.Skip(6));
    assertThat(frames()).containsExactly(line(""));
  }

  @Test
  void anEmptyLiteralHasNoChunk() {
    offer("a X {0}\r\n y\r\n");
    frames();
    framer.mode(new ImapMode.Literal(0));
    assertThat(frames()).containsExactly(line(" y"));
  }

  @Test
  void aLiteralComesInChunksOfOneSize() {
    int size = 2 * ImapFramer.CHUNK + 10;
    offer("{" + size + "+}\r\n");
    frames();
    framer.mode(new ImapMode.Literal(size));
    List<Integer> sizes = new ArrayList<>();
    for (int sent = 0; sent < size; sent += 1000) {
      offer("x".repeat(Math.min(1000, size - sent)));
      frames().forEach(frame -> sizes.add(((ImapFrame.Chunk) frame).bytes().size()));
    }
    assertThat(sizes).containsExactly(ImapFramer.CHUNK, ImapFramer.CHUNK, 10);
    offer("\r\n");
    assertThat(frames()).containsExactly(line(""));
  }

  @Test
  void aLineOfTheGreatestLengthIsTaken() {
    offer("x".repeat(MAX_LINE) + "\r\n");
    assertThat(frames()).containsExactly(line("x".repeat(MAX_LINE)));
  }

  @Test
  void ofALongerLineTheStartIsKept() {
    offer("a x" + "x".repeat(MAX_LINE) + "\r\nb NOOP\r\n");
    List<ImapFrame> frames = frames();
    assertThat(((ImapFrame.Overlong) frames.get(0)).start().utf8String()).startsWith("a xxx");
    assertThat(frames.get(1)).isEqualTo(line("b NOOP"));
  }

  @Test
  void anEndlessLineTakesNoMemory() {
    for (int i = 0; i < 100_000; i++) {
      offer("x".repeat(1000));
      assertThat(framer.poll()).isEmpty();
    }
    offer(" {12+}\r\n");
    ImapFrame.Overlong overlong = (ImapFrame.Overlong) framer.poll().orElseThrow();
    assertThat(overlong.literal()).contains(new ImapFrame.Literal(12, false));
  }

  @Test
  void aSizeBeyondEveryNumberIsTheGreatest() {
    offer("a {99999999999999999999}\r\n");
    assertThat(frames()).containsExactly(ahead("a {99999999999999999999}", Long.MAX_VALUE, true));
  }

  @Test
  void whatOnlyLooksLikeALiteralIsText() {
    offer("a {}\r\nb {+}\r\nc {1}x\r\nd 1}\r\ne {-1}\r\n");
    assertThat(frames())
        .containsExactly(line("a {}"), line("b {+}"), line("c {1}x"), line("d 1}"), line("e {-1}"));
  }

  @Test
  void whatWasPipelinedBeforeTlsIsDropped() {
    offer("a STARTTLS\r\nb NOOP\r\nc NO");
    assertThat(framer.poll()).contains(line("a STARTTLS"));
    framer.reset();
    offer("d NOOP\r\n");
    assertThat(frames()).containsExactly(line("d NOOP"));
  }

  @Property
  void theCutsOfTheStreamDoNotMatter(
      @ForAll @Size(max = 30) List<@IntRange(max = 7) Integer> pieces,
      @ForAll @Size(max = 40) List<@IntRange(min = 1, max = 30) Integer> cuts) {
    String text = String.join("", pieces.stream().map(i -> PIECES.get(i)).toList());
    assertThat(framesOf(text, cuts)).isEqualTo(framesOf(text, List.of()));
  }

  private static final List<String> PIECES =
      List.of(
          "a NOOP\r\n",
          "\r\n",
          "\n",
          "\r",
          " {5}\r\nhello",
          " {7+}\r\n{3}\r\nxx",
          "x".repeat(90),
          " {0}\r\n");

  /** Frames with every literal taken as such. */
  private static List<ImapFrame> framesOf(String text, List<Integer> cuts) {
    ImapFramer framer = new ImapFramer(MAX_LINE);
    List<ImapFrame> frames = new ArrayList<>();
    int at = 0;
    for (int cut : cuts) {
      int end = Math.min(text.length(), at + cut);
      framer.offer(ByteString.fromString(text.substring(at, end)));
      at = end;
      drain(framer, frames);
    }
    framer.offer(ByteString.fromString(text.substring(at)));
    drain(framer, frames);
    return frames;
  }

  private static void drain(ImapFramer framer, List<ImapFrame> frames) {
    for (Optional<ImapFrame> next = framer.poll(); next.isPresent(); next = framer.poll()) {
      frames.add(next.get());
      if (next.get() instanceof ImapFrame.LiteralAhead ahead) {
        framer.mode(new ImapMode.Literal(ahead.literal().size()));
      } else if (next.get() instanceof ImapFrame.Overlong overlong) {
        overlong.literal().ifPresent(l -> framer.mode(new ImapMode.Skip(l.size())));
      }
    }
  }

  private void offer(String text) {
    framer.offer(ByteString.fromString(text, StandardCharsets.ISO_8859_1));
  }

  private List<ImapFrame> frames() {
    List<ImapFrame> frames = new ArrayList<>();
    for (Optional<ImapFrame> next = framer.poll(); next.isPresent(); next = framer.poll()) {
      frames.add(next.get());
    }
    return frames;
  }

  private static ImapFrame line(String text) {
    return new ImapFrame.Line(ByteString.fromString(text));
  }

  private static ImapFrame chunk(String text) {
    return new ImapFrame.Chunk(ByteString.fromString(text));
  }

  private static ImapFrame ahead(String text, long size, boolean synchronizing) {
    return new ImapFrame.LiteralAhead(
        ByteString.fromString(text), new ImapFrame.Literal(size, synchronizing));
  }
}
