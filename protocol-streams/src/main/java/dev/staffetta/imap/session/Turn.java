package dev.staffetta.imap.session;

import dev.staffetta.config.ImapSettings;
import dev.staffetta.imap.reply.ImapText;
import dev.staffetta.imap.reply.Reply;
import dev.staffetta.imap.reply.ResponseCode;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.UidSet;
import dev.staffetta.wire.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/**
 * What a session does on one input, while it is being decided: whoever decides a part says it here.
 *
 * <p>Mutable; lives within one call of {@link ImapSession}, on its thread.
 */
final class Turn {
  /** How a command goes on with an answer. */
  interface Then<T> {
    void go(Turn turn, T answer);
  }

  /** How a command goes on without one. */
  interface Refused {
    void go(Turn turn, Refusal refusal);
  }

  /** Up to so many update lines are made at once, more only as the client takes them. */
  private static final int FEW_LINES = 64;

  private final ImapSettings settings;
  private final Instant now;
  private final List<Reply> replies = new ArrayList<>();
  private final List<Effect<?>> effects = new ArrayList<>();
  private ImapState state;

  Turn(ImapState state, ImapSettings settings, Instant now) {
    this.state = state;
    this.settings = settings;
    this.now = now;
  }

  Step<ImapState, Reply, Effect<?>> step() {
    return new Step<>(state, replies, effects);
  }

  ImapSettings settings() {
    return settings;
  }

  Instant now() {
    return now;
  }

  ImapState state() {
    return state;
  }

  void state(ImapState newState) {
    state = newState;
  }

  /** The account that the client has logged in to. */
  AccountId account() {
    return state.account().orElseThrow();
  }

  /** The selected mailbox. */
  Selection selection() {
    return state.selection().orElseThrow();
  }

  void select(Selection selection) {
    state = state.withSelection(Optional.of(selection));
  }

  /** No mailbox is selected any more. */
  void unselect() {
    state.selection().ifPresent(selection -> start(new Effect.CloseMailbox(selection.open())));
    state = state.withSelection(Optional.empty());
  }

  /** What the next frame will be. */
  void read(Reading reading) {
    state = state.with(reading);
  }

  /** A number that nothing else in this session has. */
  long newNumber() {
    state = state.withLastNumber(state.lastNumber() + 1);
    return state.lastNumber();
  }

  void say(Reply reply) {
    replies.add(reply);
  }

  /** Says a line. */
  void say(String line) {
    replies.add(Reply.Text.line(line));
  }

  /** Starts what nobody waits for. */
  void start(Effect<?> effect) {
    effects.add(effect);
  }

  /** Asks a port and goes on with its answer; when there is none, the command ends with NO. */
  <T> void ask(Effect<T> effect, Then<T> then) {
    ask(effect, then, Turn::no);
  }

  /** Asks a port and goes on with its answer, or otherwise. */
  <T> void ask(Effect<T> effect, Then<T> then, Refused refused) {
    state = state.withAwaited(Optional.of(new ImapState.Awaited<>(effect, then, refused)));
    effects.add(effect);
  }

  /**
   * Goes on once the session knows the selected mailbox as it was at a modseq, so that what its own
   * command did is told before the tagged reply.
   */
  void afterViewAt(long modseq, Consumer<Turn> then) {
    Selection selection = selection();
    if (selection.isGone() || selection.current().highestModseq() >= modseq) {
      then.accept(this);
      return;
    }
    ask(
        new Effect.AwaitView(selection.subscription(), modseq),
        (turn, view) -> {
          turn.select(turn.selection().stands(view));
          then.accept(turn);
        });
  }

  /**
   * Goes on once the session knows all that the selected mailbox has acknowledged to anybody: who
   * asks for news (NOOP) must not miss what another session was told is done. If the mailbox cannot
   * say, what is known will do.
   */
  void whenUpToDate(Consumer<Turn> then) {
    if (state.selection().isEmpty() || selection().isGone()) {
      then.accept(this);
      return;
    }
    ask(
        new Effect.HighestModseq(selection().id()),
        (turn, modseq) -> turn.afterViewAt(modseq, then),
        (turn, refusal) -> then.accept(turn));
  }

  /**
   * The same for a command that answers from what the session knows: when the mailbox cannot say,
   * the command ends with NO, since its answer might not be true any more. What is news is told at
   * once, so that the command means the mailbox as the client knows it then; but an EXPUNGE only
   * where the command allows it (RFC 3501 7.4.1).
   */
  void whenSure(Consumer<Turn> then) {
    if (state.selection().isEmpty() || selection().isGone()) {
      then.accept(this);
      return;
    }
    ask(
        new Effect.HighestModseq(selection().id()),
        (turn, modseq) ->
            turn.afterViewAt(
                modseq,
                sure -> {
                  if (sure.selection().isGone()
                      || sure.selection().current().highestModseq() >= modseq) {
                    sure.tell();
                    then.accept(sure);
                  } else {
                    sure.no(ResponseCode.UNAVAILABLE, "The mailbox moves, try again later");
                  }
                }));
  }

  /** Tells what happened in the selected mailbox, as far as the command under way allows. */
  void tell() {
    tell(UidSet.EMPTY);
  }

  /**
   * The same, and the flags of some messages in any case.
   *
   * @param flagsOf UIDs
   */
  void tell(UidSet flagsOf) {
    if (state.selection().isEmpty()) {
      return;
    }
    Updates.Expunges expunges =
        state.underWay().map(ImapState.UnderWay::expunges).orElse(Updates.Expunges.KEPT_BACK);
    boolean withUid = state.underWay().map(ImapState.UnderWay::byUid).orElse(false);
    Updates updates = Updates.of(selection(), expunges, withUid, flagsOf);
    select(updates.after());
    if (updates.count() > FEW_LINES) {
      say(new Reply.Lines(updates.lines()));
    } else if (!updates.isEmpty()) {
      ByteString all = ByteString.emptyByteString();
      for (ByteString line : updates.lines()) {
        all = all.concat(line);
      }
      say(new Reply.Text(all));
    }
  }

  /** The command under way is done: tells what happened meanwhile, and then so. */
  void ok(ResponseCode code, String text) {
    tell();
    quietOk(code, text);
  }

  void ok(String text) {
    ok(ResponseCode.NONE, text);
  }

  /** The command under way is done; what happened in the mailbox is no matter any more. */
  void quietOk(ResponseCode code, String text) {
    state = state.withBadCommands(0);
    end("OK", code, text);
  }

  /** The command under way is refused. */
  void no(ResponseCode code, String text) {
    tell();
    end("NO", code, text);
  }

  void no(Refusal refusal) {
    no(ResponseCode.of(refusal), refusal.getMessage());
  }

  /** The command under way is none, or does not fit here. */
  void bad(String text) {
    end("BAD", ResponseCode.NONE, text);
    countBad();
  }

  /** What came is not even a command. */
  void untaggedBad(String text) {
    say("* BAD " + ImapText.forPeople(text));
    countBad();
  }

  /** Says farewell and closes. */
  void bye(ResponseCode code, String text) {
    say("* BYE " + code + ImapText.forPeople(text));
    close();
  }

  /** Nothing more is said or heard. */
  void close() {
    say(new Reply.Close());
    state = state.closing();
  }

  private void countBad() {
    state = state.withBadCommands(state.badCommands() + 1);
    if (state.badCommands() >= settings.maxBadCommands() && !state.isClosing()) {
      bye(ResponseCode.NONE, "Too many commands that are none");
    }
  }

  private void end(String condition, ResponseCode code, String text) {
    String tag = state.underWay().orElseThrow().tag();
    say(tag + " " + condition + " " + code + ImapText.forPeople(text));
    state = state.withUnderWay(Optional.empty());
    if (state.selection().isPresent() && selection().isGone()) {
      bye(ResponseCode.NONE, "The selected mailbox was deleted");
    }
  }
}
