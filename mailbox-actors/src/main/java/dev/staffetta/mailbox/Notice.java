package dev.staffetta.mailbox;

import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.sharding.EntityMessage;

/** What a mailbox tells those who have subscribed to it, in the order in which it happened. */
public sealed interface Notice extends EntityMessage {
  /** Something happened. */
  record Told(MailboxEvent.Changed event) implements Notice {}

  /** The mailbox is no more. */
  record Gone() implements Notice {}

  /** The mailbox stands so now; what happened is too much to be told unasked. */
  record Stands(long uidValidity, long modseq) implements Notice {}
}
