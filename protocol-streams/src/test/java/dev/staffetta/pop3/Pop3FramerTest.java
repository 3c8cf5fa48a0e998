package dev.staffetta.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class Pop3FramerTest {
  private static final int MAX = 10;

  @Test
  void aLineEndsWithCrlfOrLf() {
    assertThat(frames("STAT\r\nLIST\nNO\rOP\r\n\r\n\nrest"))
        .containsExactly("STAT", "LIST", "NO\rOP", "", "");
  }

  @Test
  void theLimitCountsTheLineEnd() {
    assertThat(frames("12345678\r\n123456789\n1234567890\r\n123456789\r\nok\r\n"))
        .containsExactly("12345678", "123456789", "too long", "too long", "ok");
  }

  @Test
  void anEndlessLineIsRefusedOnceAndNotKept() {
    Pop3Framer framer = new Pop3Framer(MAX);
    framer.offer(ByteString.fromString("1234567890"));
    assertThat(framer.poll()).contains(new Pop3Frame.TooLong());
    for (int i = 0; i < 1000; i++) {
      framer.offer(ByteString.fromString("x".repeat(1000)));
      assertThat(framer.poll()).isEmpty();
    }
    framer.offer(ByteString.fromString("\nSTAT\n"));
    assertThat(poll(framer)).containsExactly("STAT");
  }

  @Test
  void resetForgetsWhatWasSent() {
    Pop3Framer framer = new Pop3Framer(MAX);
    framer.offer(ByteString.fromString("DELE 1\r\nDE"));
    framer.reset();
    framer.offer(ByteString.fromString("STAT\r\n"));
    assertThat(poll(framer)).containsExactly("STAT");
    framer.offer(ByteString.fromString("12345678901234"));
    assertThat(poll(framer)).containsExactly("too long");
    framer.reset();
    framer.offer(ByteString.fromString("STAT\r\n"));
    assertThat(poll(framer)).containsExactly("STAT");
  }

  /** Few different bytes, so that line ends and limits are met all the time. */
  @Property
  void segmentsDoNotMatter(
      @ForAll @Size(max = 80) List<@ByteRange(min = 9, max = 13) Byte> bytes,
      @ForAll @Size(min = 1, max = 10) List<@IntRange(min = 1, max = 12) Integer> cuts) {
    byte[] all = new byte[bytes.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = bytes.get(i);
    }
    Pop3Framer whole = new Pop3Framer(MAX);
    whole.offer(ByteString.fromArray(all));
    List<String> expected = poll(whole);

    Pop3Framer cut = new Pop3Framer(MAX);
    List<String> frames = new ArrayList<>();
    int at = 0;
    for (int i = 0; at < all.length; i++) {
      int end = Math.min(all.length, at + cuts.get(i % cuts.size()));
      cut.offer(ByteString.fromArray(all, at, end - at));
      at = end;
      if (i % 3 != 0) {
        frames.addAll(poll(cut));
      }
    }
    frames.addAll(poll(cut));
    assertThat(frames).isEqualTo(expected);
  }

  private static List<String> frames(String bytes) {
    Pop3Framer framer = new Pop3Framer(MAX);
    framer.offer(ByteString.fromString(bytes));
    return poll(framer);
  }

  private static List<String> poll(Pop3Framer framer) {
    List<String> frames = new ArrayList<>();
    for (Optional<Pop3Frame> frame = framer.poll(); frame.isPresent(); frame = framer.poll()) {
      frames.add(
          frame.get() instanceof Pop3Frame.Line line ? line.bytes().utf8String() : "too long");
    }
    return frames;
  }
}
