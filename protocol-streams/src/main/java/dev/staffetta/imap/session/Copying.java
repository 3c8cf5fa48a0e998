package dev.staffetta.imap.session;

import dev.staffetta.imap.grammar.Command;
import dev.staffetta.imap.reply.ImapText;
import dev.staffetta.imap.reply.ResponseCode;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.UidSet;
import java.util.Optional;

/** COPY and MOVE, and both by UID (RFC 3501 6.4.7, RFC 6851, RFC 4315 3). */
final class Copying {
  private Copying() {}

  static void copy(Turn turn, Command.Copy command) {
    NamedMessages.whenKnown(turn, command.byUid(), command.messages(), t -> copyNamed(t, command));
  }

  private static void copyNamed(Turn turn, Command.Copy command) {
    NamedMessages.uids(turn, command.byUid(), command.messages())
        .ifPresent(
            uids ->
                toTarget(
                    turn,
                    command.mailbox(),
                    uids,
                    (t, to) ->
                        t.ask(
                            new Effect.Copy(t.selection().id(), uids, to),
                            (u, copied) -> copied(u, to, copied))));
  }

  static void move(Turn turn, Command.Move command) {
    if (turn.selection().isReadOnly()) {
      turn.no(ResponseCode.READ_ONLY, "The mailbox was opened to be read only");
      return;
    }
    NamedMessages.whenKnown(turn, command.byUid(), command.messages(), t -> moveNamed(t, command));
  }

  private static void moveNamed(Turn turn, Command.Move command) {
    NamedMessages.uids(turn, command.byUid(), command.messages())
        .ifPresent(
            uids ->
                toTarget(
                    turn,
                    command.mailbox(),
                    uids,
                    (t, to) ->
                        t.ask(
                            new Effect.Move(t.selection().id(), uids, to),
                            (u, moved) -> moved(u, to, moved))));
  }

  private static void toTarget(Turn turn, String name, UidSet uids, Turn.Then<MailboxId> then) {
    turn.ask(
        new Effect.ReadTree(turn.account()), (t, tree) -> found(t, tree.mailbox(name), uids, then));
  }

  private static void found(
      Turn turn, Optional<MailboxId> to, UidSet uids, Turn.Then<MailboxId> then) {
    if (to.isEmpty()) {
      turn.no(ResponseCode.TRYCREATE, "No such mailbox");
    } else if (uids.isEmpty()) {
      // By UID a set may name what is not there (RFC 3501 6.4.8).
      turn.ok("Completed, there was no such message");
    } else {
      then.go(turn, to.get());
    }
  }

  private static void copied(Turn turn, MailboxId to, Mailboxes.Copied copied) {
    if (copied.source().isEmpty()) {
      allExpunged(turn);
    } else if (turn.selection().id().equals(to)) {
      turn.afterViewAt(copied.targetModseq(), t -> t.ok(copyUid(copied), "COPY completed"));
    } else {
      turn.ok(copyUid(copied), "COPY completed");
    }
  }

  /** The UIDs are told before the EXPUNGEs that say what happened to them (RFC 6851 4.3). */
  private static void moved(Turn turn, MailboxId to, Mailboxes.Copied moved) {
    if (moved.source().isEmpty()) {
      allExpunged(turn);
      return;
    }
    turn.say("* OK " + copyUid(moved) + "Moved UIDs");
    boolean isWithin = turn.selection().id().equals(to);
    long modseq =
        isWithin ? Math.max(moved.sourceModseq(), moved.targetModseq()) : moved.sourceModseq();
    turn.afterViewAt(modseq, t -> t.ok("MOVE completed"));
  }

  private static void allExpunged(Turn turn) {
    turn.no(ResponseCode.EXPUNGEISSUED, "The messages were expunged meanwhile");
  }

  private static ResponseCode copyUid(Mailboxes.Copied copied) {
    return new ResponseCode(
        "COPYUID "
            + copied.targetUidValidity()
            + " "
            + ImapText.uidSet(copied.source())
            + " "
            + ImapText.uidSet(copied.target()));
  }
}
