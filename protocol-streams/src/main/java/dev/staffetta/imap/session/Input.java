package dev.staffetta.imap.session;

import dev.staffetta.imap.framing.ImapFrame;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Refusal;

/** What a session reacts to. */
public sealed interface Input {
  /** The client sent something. */
  record Received(ImapFrame frame) implements Input {}

  /**
   * An effect was carried out.
   *
   * @param value what the effect's type says
   */
  record Answered(Effect<?> effect, Object value) implements Input {}

  /** An effect could not be carried out. */
  record Failed(Effect<?> effect, Refusal refusal) implements Input {}

  /**
   * The selected mailbox changed and stands so now.
   *
   * @param subscription the number of the {@link Effect.Open} that this comes of
   */
  record Stands(long subscription, MailboxView view) implements Input {}

  /** The selected mailbox is there no more. */
  record Gone(long subscription) implements Input {}

  /** The client said nothing for too long. */
  record TimedOut() implements Input {}

  /** The server stops. */
  record Shutdown() implements Input {}
}
