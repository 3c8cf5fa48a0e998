package dev.staffetta.mailbox;

import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.UidSet;
import java.util.List;
import java.util.Optional;

/** What the sessions of a mailbox are told of a change. */
final class Told {
  private Told() {}

  /** The change between two states; a deleted mailbox has nothing more to tell. */
  static Optional<MailboxEvent.Changed> of(
      MailboxState before,
      MailboxState after,
      List<Message> added,
      List<Message> changed,
      UidSet expunged) {
    if (after.stage() == MailboxState.Stage.DELETED) {
      return Optional.empty();
    }
    return Optional.of(
        new MailboxEvent.Changed(
            before.highestModseq(),
            after.highestModseq(),
            after.uidNext(),
            after.keywords(),
            added,
            changed,
            expunged));
  }
}
