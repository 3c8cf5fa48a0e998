package dev.staffetta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.smtp.client.ClientInput.Garbled;
import dev.staffetta.smtp.client.ClientInput.Heard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class ReplyFramerTest {
  private static List<Heard> heard(ReplyFramer framer, String... segments) {
    List<Heard> heard = new ArrayList<>();
    for (String segment : segments) {
      framer.offer(ByteString.fromString(segment));
      Optional<Heard> next = framer.poll();
      while (next.isPresent()) {
        heard.add(next.get());
        if (next.get() instanceof Garbled) {
          return heard;
        }
        next = framer.poll();
      }
    }
    return heard;
  }

  @Test
  void readsAnswersOfOneLineAndMore() {
    assertThat(heard(new ReplyFramer(512, 3), "220 a\r\n250-b\r\n2", "50-c\r\n250 d\r\n354\n"))
        .containsExactly(
            new ServerReply(220, List.of("a")),
            new ServerReply(250, List.of("b", "c", "d")),
            new ServerReply(354, List.of("")));
  }

  @Test
  void whatIsNoAnswerEndsIt() {
    for (String line :
        List.of("hello", "25", "150 x", "620 x", "2x0 x", "250_x", "250-a\r\n251 b", "")) {
      assertThat(heard(new ReplyFramer(512, 3), line + "\r\n250 ok\r\n"))
          .as(line)
          .hasSize(1)
          .allMatch(Garbled.class::isInstance);
    }
    assertThat(heard(new ReplyFramer(512, 3), "250-a\r\n".repeat(4)))
        .allMatch(Garbled.class::isInstance)
        .hasSize(1);
    assertThat(heard(new ReplyFramer(512, 3), "250 " + "x".repeat(508) + "\r\n"))
        .allMatch(ServerReply.class::isInstance)
        .hasSize(1);
    assertThat(heard(new ReplyFramer(512, 3), "250 " + "x".repeat(600)))
        .allMatch(Garbled.class::isInstance)
        .hasSize(1);
  }

  @Property(tries = 1000)
  void segmentsDoNotMatter(@ForAll @Size(max = 40) List<Byte> noise, @ForAll int cut) {
    StringBuilder text = new StringBuilder("220 a\r\n250-b\r\n250 c\r\n");
    noise.forEach(octet -> text.append((char) (octet & 0x7f)));
    text.append("\r\n250 d\r\n");
    int at = Math.floorMod(cut, text.length());
    assertThat(heard(new ReplyFramer(512, 3), text.substring(0, at), text.substring(at)).toString())
        .isEqualTo(heard(new ReplyFramer(512, 3), text.toString()).toString());
  }
}
