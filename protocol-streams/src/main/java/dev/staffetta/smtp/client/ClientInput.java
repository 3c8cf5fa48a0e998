package dev.staffetta.smtp.client;

/** What the session of a client learns. */
sealed interface ClientInput {
  /** From the server. */
  sealed interface Heard extends ClientInput permits ServerReply, Garbled {}

  /**
   * Something that is no answer; the answers after it cannot be told apart any more.
   *
   * @param why with the words that came
   */
  record Garbled(String why) implements Heard {}

  /** A message is to be sent. */
  record Send(OutgoingMail mail) implements ClientInput {}

  /**
   * The content of the message was looked at.
   *
   * @param mail in 7 bits, where it was encoded for that
   */
  record Scanned(OutgoingMail mail, ContentScan content) implements ClientInput {}

  /** The server speaks while the message is still being sent. */
  record Interrupted(Heard heard) implements ClientInput {}

  /** The content of the message could not be read here. */
  record Unreadable(String why) implements ClientInput {}

  /** No more messages. */
  record Quit() implements ClientInput {}

  /** The server said nothing for as long as it may. */
  record TimedOut() implements ClientInput {}

  /**
   * The connection is gone.
   *
   * @param isInBody whether a message was being sent, and its end was not
   */
  record Lost(String why, boolean isInBody) implements ClientInput {}

  /** TLS failed, and the connection with it. */
  record TlsFailed(String why) implements ClientInput {}

  /** An effect is done that has no answer. */
  record Noted() implements ClientInput {}
}
