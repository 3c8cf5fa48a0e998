package dev.staffetta.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.imap.framing.ImapFrame;
import dev.staffetta.imap.reply.Reply;
import dev.staffetta.imap.session.Effect;
import dev.staffetta.imap.session.ImapSession;
import dev.staffetta.imap.session.ImapState;
import dev.staffetta.imap.session.Input;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.UidSet;
import dev.staffetta.wire.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session with 100,000 messages, as a value: what it says is made only when it is taken. */
class LargeMailboxTest {
  private static final int MESSAGES = 100_000;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final ImapFixture fixture = new ImapFixture();
  private final ImapSession session = new ImapSession(ImapFixture.settings(""));
  private final List<Reply> replies = new ArrayList<>();
  private final List<Effect<?>> effects = new ArrayList<>();
  private ImapState state;
  private MailboxView view;

  @BeforeEach
  void select() {
    MailboxId inbox = fixture.inbox();
    MessageTable messages =
        MessageTable.of(
            LongStream.rangeClosed(1, MESSAGES)
                .mapToObj(uid -> new Message(uid, 1, 1, 9, NOW, new ContentId(uid, uid)))
                .toList());
    view = new MailboxView(inbox, 1, MESSAGES + 1, 1, List.of(), messages);
    follow(session.start(PureConnection.fromLoopback(), NOW));
    say("a LOGIN alice@example.com secret");
    answer(fixture.alice);
    say("a SELECT INBOX");
    answer(fixture.mail.folders().tree(fixture.alice).toCompletableFuture().join());
    answer(
        new OpenMailbox() {
          @Override
          public MailboxView view() {
            return view;
          }

          @Override
          public long recentFrom() {
            return view.uidNext();
          }

          @Override
          public void refresh() {}

          @Override
          public void close() {}
        });
  }

  @Test
  void aFetchOfAllNamesRangesAndNotMessages() {
    say("a FETCH 1:* (FLAGS)");
    answer(view.highestModseq());
    Reply.Fetched fetched = (Reply.Fetched) replies.get(0);
    assertThat(fetched.request().sequenceNumbers()).hasSize(MESSAGES);
    assertThat(fetched.request().sequenceNumbers().get(99_998)).isEqualTo(99_999);
    assertThat(fetched.request().table()).isSameAs(view.messages());
  }

  @Test
  void manyUpdatesAreLinesToBeMade() {
    say("a IDLE");
    stands(view.messages().without(new UidSet(List.of(new UidSet.Range(1, MESSAGES - 1)))));
    Reply.Lines lines = (Reply.Lines) replies.get(0);
    int count = 0;
    for (ByteString line : lines.lines()) {
      assertThat(line.utf8String()).isEqualTo("* 1 EXPUNGE\r\n");
      count++;
    }
    assertThat(count).isEqualTo(MESSAGES - 1);
  }

  /** However much happens while the client says nothing, the session holds the last view. */
  @Test
  void whatHappensMeanwhileIsHeldOnce() {
    for (int i = 0; i < 1000; i++) {
      long uid = 1 + i * 100L;
      stands(
          view.messages()
              .withFlags(List.of(view.messages().find(uid).orElseThrow().withFlags(i & 1, i + 2))));
      assertThat(replies).isEmpty();
    }
    // A command that asks no port: the one reply before is its own.
    say("a ID NIL");
    assertThat(text(replies.get(1)).lines()).hasSize(500);
    say("b ID NIL");
    assertThat(text(replies.get(1))).isEqualTo("b OK ID completed\r\n");
  }

  @Test
  void aChangeIsFoundQuickly() {
    // 10,000 events, each told at once: minutes if each cost the mailbox, a moment if a segment.
    say("a IDLE");
    for (int i = 0; i < 10_000; i++) {
      long uid = 1 + i * 10L;
      stands(
          view.messages()
              .withFlags(List.of(view.messages().find(uid).orElseThrow().withFlags(5, i + 2))));
      assertThat(text(replies.get(0)))
          .isEqualTo("* " + uid + " FETCH (FLAGS (\\Seen \\Flagged))\r\n");
    }
  }

  private void stands(MessageTable messages) {
    view =
        new MailboxView(
            view.id(), 1, view.uidNext(), view.highestModseq() + 1, view.keywords(), messages);
    on(new Input.Stands(state.lastNumber(), view));
  }

  private static String text(Reply reply) {
    if (reply instanceof Reply.Lines lines) {
      StringBuilder all = new StringBuilder();
      lines.lines().forEach(line -> all.append(line.utf8String()));
      return all.toString();
    }
    return ((Reply.Text) reply).bytes().utf8String();
  }

  private void say(String line) {
    on(new Input.Received(new ImapFrame.Line(ByteString.fromString(line))));
  }

  private void answer(Object value) {
    on(new Input.Answered(effects.get(effects.size() - 1), value));
  }

  private void on(Input input) {
    follow(session.on(state, input, NOW));
  }

  private void follow(Step<ImapState, Reply, Effect<?>> step) {
    state = step.state();
    replies.clear();
    replies.addAll(step.replies());
    effects.clear();
    effects.addAll(step.effects());
  }
}
