package dev.staffetta.ports;

import java.util.List;

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
   * The listener cannot follow any more (it missed something, the mailbox moved): this is how
   * things stand now.
   */
  record Resynchronised(MailboxView view) implements MailboxEvent {}

  /** The mailbox was deleted; nothing more will come. */
  record Deleted() implements MailboxEvent {}
}
