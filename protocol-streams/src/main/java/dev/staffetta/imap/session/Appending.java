package dev.staffetta.imap.session;

import dev.staffetta.imap.framing.ImapFrame;
import dev.staffetta.imap.framing.ImapMode;
import dev.staffetta.imap.grammar.AppendStart;
import dev.staffetta.imap.reply.Reply;
import dev.staffetta.imap.reply.ResponseCode;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.Spool;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * APPEND (RFC 3501 6.3.11): the message comes in chunk by chunk, each taken before the next is
 * read. Whatever is wrong is said before the client is asked for a synchronizing literal; another
 * one is skipped.
 *
 * @param append what it said
 * @param mailbox where to
 * @param message where it is gathered
 * @param toCome octets of it that are still to come
 */
record Appending(AppendStart append, MailboxId mailbox, Spool.Writer message, long toCome)
    implements Reading {
  /** Internal dates are kept as seconds in 32 bits: what is outside counts as the nearest. */
  private static final Instant FIRST_DATE = Instant.EPOCH;

  private static final Instant LAST_DATE = Instant.ofEpochSecond(0xFFFF_FFFFL);

  /** The message was announced. */
  static void begin(Turn turn, AppendStart append, ImapFrame.Literal literal) {
    Commands.begin(turn, append.tag(), Updates.Expunges.TOLD, false);
    if (!turn.state().isAuthenticated()) {
      refuse(turn, literal, t -> t.bad("Log in first"));
    } else if (literal.size() > turn.settings().maxMessageInBytes()) {
      String most = turn.settings().maxMessageInBytes() + " octets";
      refuse(turn, literal, t -> t.no(ResponseCode.TOOBIG, "A message has at most " + most));
    } else if (literal.size() == 0) {
      refuse(turn, literal, t -> t.no(ResponseCode.CANNOT, "A message is not empty"));
    } else if (!Storing.areShort(append.flags())) {
      refuse(turn, literal, t -> t.no(ResponseCode.LIMIT, "A keyword is too long"));
    } else {
      find(turn, append, literal);
    }
  }

  private static void refuse(Turn turn, ImapFrame.Literal literal, Consumer<Turn> refusal) {
    SkippingCommand.refuse(turn, Optional.of(literal), refusal);
  }

  private static void find(Turn turn, AppendStart append, ImapFrame.Literal literal) {
    turn.ask(
        new Effect.ReadTree(turn.account()),
        (t, tree) -> {
          Optional<MailboxId> mailbox = tree.mailbox(append.mailbox());
          if (mailbox.isPresent()) {
            t.ask(
                new Effect.StartMessage(),
                (u, message) -> take(u, append, mailbox.get(), message, literal),
                (u, refusal) -> refuse(u, literal, v -> v.no(refusal)));
          } else {
            refuse(t, literal, u -> u.no(ResponseCode.TRYCREATE, "No such mailbox"));
          }
        },
        (t, refusal) -> refuse(t, literal, u -> u.no(refusal)));
  }

  private static void take(
      Turn turn,
      AppendStart append,
      MailboxId mailbox,
      Spool.Writer message,
      ImapFrame.Literal literal) {
    if (literal.synchronizing()) {
      turn.say("+ Ready for " + literal.size() + " octets");
    }
    turn.say(new Reply.Mode(new ImapMode.Literal(literal.size())));
    turn.read(new Appending(append, mailbox, message, literal.size()));
  }

  @Override
  public void on(Turn turn, ImapFrame frame) {
    if (frame instanceof ImapFrame.Chunk chunk) {
      chunk(turn, chunk);
    } else if (frame instanceof ImapFrame.Line line && line.text().isEmpty()) {
      turn.read(Reading.COMMAND);
      place(turn);
    } else {
      giveUp(turn, frame);
    }
  }

  private void chunk(Turn turn, ImapFrame.Chunk chunk) {
    long rest = toCome - chunk.bytes().size();
    turn.read(new Appending(append, mailbox, message, rest));
    turn.ask(
        new Effect.TakeChunk(message, chunk.bytes()),
        (t, done) -> {},
        (t, refusal) -> {
          t.start(new Effect.Discard(message));
          SkippingCommand.skip(t, rest, u -> u.no(refusal));
        });
  }

  /** What follows the message is not the end of the line. */
  private void giveUp(Turn turn, ImapFrame frame) {
    turn.start(new Effect.Discard(message));
    Optional<ImapFrame.Literal> literal = Optional.empty();
    if (frame instanceof ImapFrame.LiteralAhead ahead) {
      literal = Optional.of(ahead.literal());
    } else if (frame instanceof ImapFrame.Overlong overlong) {
      literal = overlong.literal();
    }
    SkippingCommand.refuse(turn, literal, t -> t.bad("APPEND takes one message and nothing after"));
  }

  private void place(Turn turn) {
    Instant date = append.internalDate().orElse(turn.now());
    turn.ask(
        new Effect.Append(message, mailbox, append.flags(), clamped(date)),
        (t, appended) -> appended(t, appended),
        (t, refusal) -> failed(t, refusal));
  }

  private static Instant clamped(Instant date) {
    if (date.isBefore(FIRST_DATE)) {
      return FIRST_DATE;
    }
    return date.isAfter(LAST_DATE) ? LAST_DATE : date;
  }

  private void appended(Turn turn, Mailboxes.Appended appended) {
    ResponseCode code =
        new ResponseCode("APPENDUID " + appended.uidValidity() + " " + appended.uid());
    boolean isSelected = turn.state().selection().filter(s -> s.id().equals(mailbox)).isPresent();
    if (isSelected) {
      turn.afterViewAt(appended.modseq(), t -> t.ok(code, "APPEND completed"));
    } else {
      turn.ok(code, "APPEND completed");
    }
  }

  private void failed(Turn turn, Refusal refusal) {
    turn.start(new Effect.Discard(message));
    if (refusal.code() == Refusal.Code.NONEXISTENT) {
      // Deleted since it was looked up.
      turn.no(ResponseCode.TRYCREATE, "No such mailbox");
    } else {
      turn.no(refusal);
    }
  }
}
