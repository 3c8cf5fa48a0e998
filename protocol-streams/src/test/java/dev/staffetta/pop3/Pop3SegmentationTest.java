package dev.staffetta.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.pekko.util.ByteString;

class Pop3SegmentationTest {
  private static final String SESSION =
      "CAPA\r\nUSER bob\r\nuser alice@example.com\r\nPASS secret\r\nSTAT\r\nLIST\r\nUIDL\r\n"
          + "RETR 1\r\nTOP 2 3\r\nRETR 9\r\nDELE 1\r\nLIST 1\r\nWHAT\r\n"
          + "x".repeat(300)
          + "\r\nNOOP\nRSET\r\nDELE 2\r\nQUIT\r\nNOOP\r\n";

  private static final ByteString REPLIES = replies(List.of(SESSION.length()));

  /** However the client's bytes are cut into segments, the replies are the same. */
  @Property(tries = 200)
  void segmentsDoNotMatter(
      @ForAll @Size(min = 1, max = 10) List<@IntRange(min = 1, max = 60) Integer> cuts) {
    assertThat(replies(cuts)).isEqualTo(REPLIES);
  }

  private static ByteString replies(List<Integer> cuts) {
    Pop3Fixture fixture = new Pop3Fixture();
    var connection = fixture.open();
    int at = 0;
    for (int i = 0; at < SESSION.length(); i++) {
      int end = Math.min(SESSION.length(), at + cuts.get(i % cuts.size()));
      connection.send(ByteString.fromString(SESSION.substring(at, end)));
      at = end;
    }
    assertThat(fixture.mail.view(fixture.inbox).messages().size()).isEqualTo(1);
    return connection.unread();
  }
}
