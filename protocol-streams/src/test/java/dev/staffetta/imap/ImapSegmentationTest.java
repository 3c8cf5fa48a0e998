package dev.staffetta.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.imap.framing.ImapFrame;
import dev.staffetta.imap.reply.Reply;
import dev.staffetta.imap.session.Effect;
import dev.staffetta.imap.session.ImapState;
import dev.staffetta.imap.session.Input;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.pekko.util.ByteString;

/** However the client's bytes are cut into segments, the replies are the same. */
class ImapSegmentationTest {
  private static final String SAID =
      """
      a1 LOGIN {17+}
      alice@example.com secret
      a2 SELECT INBOX
      a3 STORE 1:2 +FLAGS (\\Deleted)

      nonsense
      a4 APPEND INBOX (\\Seen) {12+}
      Subject: x

       more
      a5 APPEND INBOX (\\Seen) {14+}
      Subject: x


      a6 APPEND none {5+}
      hello
      a7 STATUS {5+}
      inbox (MESSAGES UNSEEN)
      a8 SEARCH {99999+
      a9 EXPUNGE
      b1 IDLE
      DONE
      b2 LOGIN {9000000000}
      b3 UID COPY 1:* Trash
      b4 LOGOUT
      """
          .replace("\n", "\r\n");

  private static final String EXPECTED = replies(List.of(SAID.length()));

  @Property(tries = 200)
  void theCutsDoNotMatter(
      @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 1, max = 60) Integer> cuts) {
    assertThat(replies(cuts)).isEqualTo(EXPECTED);
  }

  @Property(tries = 1)
  void evenOctetByOctet() {
    assertThat(EXPECTED).contains("b4 OK").contains("a5 OK").contains("a9 OK");
    assertThat(replies(Collections.nCopies(SAID.length(), 1))).isEqualTo(EXPECTED);
  }

  private static String replies(List<Integer> cuts) {
    ImapFixture fixture = new ImapFixture();
    ImapExamples.fill(fixture);
    PureConnection<ImapState, ImapFrame, Input, Reply, Effect<?>> connection = fixture.connect();
    ByteString rest = ImapFixture.bytes(SAID);
    for (int i = 0; rest.nonEmpty(); i++) {
      int size = i < cuts.size() ? cuts.get(i) : rest.size();
      connection.send(rest.take(size));
      rest = rest.drop(size);
    }
    return connection.unread().utf8String();
  }
}
