package dev.staffetta.ports;

import java.util.List;
import java.util.Optional;

/** What a session that has a mailbox open is told, in the order in which it happened. */
public sealed interface MailboxEvent {
  /**
   * The mailbox changed.
   *
   * @param sinceModseq the mailbox's highest modseq before: a listener whose view stands elsewhere
   *     has missed something
   * @param modseq its highest modseq now
   * @param uidNext its UIDNEXT now
   * @param keywords all its keywords now
   * @param added new messages, ascending by UID
   * @param changed messages whose flags changed, whole rows
   * @param expunged messages that are gone
   */
  record Changed(
      long sinceModseq,
      long modseq,
      long uidNext,
      List<String> keywords,
      List<Message> added,
      List<Message> changed,
      UidSet expunged)
      implements MailboxEvent {
    public Changed {
      keywords = List.copyOf(keywords);
      added = List.copyOf(added);
      changed = List.copyOf(changed);
    }
  }

  /**
   * Some changes were not told one by one (the mailbox moved, or an event was lost): this is what
   * came of them.
   *
   * @param sinceModseq whoever stands there, or later, can go on with this
   * @param sinceUidNext the UIDNEXT then: all messages from there on are in {@code changed}
   * @param modseq the mailbox's highest modseq now
   * @param uidNext its UIDNEXT now
   * @param keywords all its keywords now
   * @param changed whole rows of all messages that came or changed since, as they are now
   * @param left which messages with lower UIDs are still there; empty: all are
   */
  record Missed(
      long sinceModseq,
      long sinceUidNext,
      long modseq,
      long uidNext,
      List<String> keywords,
      MessageTable changed,
      Optional<UidSet> left)
      implements MailboxEvent {
    public Missed {
      keywords = List.copyOf(keywords);
    }
  }

  /**
   * The listener cannot follow any more (it missed something, the mailbox moved): this is how
   * things stand now.
   */
  record Resynchronised(MailboxView view) implements MailboxEvent {}

  /** The mailbox was deleted; nothing more will come. */
  record Deleted() implements MailboxEvent {}
}
