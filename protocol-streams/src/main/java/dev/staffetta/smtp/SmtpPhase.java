package dev.staffetta.smtp;

import dev.staffetta.config.SmtpSettings;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;
import java.time.Duration;
import org.apache.pekko.util.ByteString;

/**
 * What a session waits for, and what it does when that comes: a method for each input. A phase has
 * methods for what may come in it; all else never does, by the order in which the connection hands
 * out inputs, and would end the session.
 */
sealed interface SmtpPhase
    permits AwaitingCommand,
        SaslExchange,
        VerifyingPassword,
        CheckingSender,
        FindingRecipient,
        OpeningSpool,
        Receiving,
        Refusing,
        Delivering,
        Closed {

  /** How long the client may be silent in it. */
  default Duration timeout(SmtpSettings settings) {
    return settings.commandTimeout();
  }

  default void line(ByteString text, Turn turn) {
    outOfPlace(turn);
  }

  default void badLine(SmtpFrame.BadLine.Fault fault, Turn turn) {
    outOfPlace(turn);
  }

  default void chunk(ByteString octets, Turn turn) {
    outOfPlace(turn);
  }

  default void dropped(Turn turn) {
    outOfPlace(turn);
  }

  default void end(boolean clean, Turn turn) {
    outOfPlace(turn);
  }

  default void senderChecked(boolean allowed, Turn turn) {
    outOfPlace(turn);
  }

  default void recipientFound(MailAddress address, Deliveries.Recipient kind, Turn turn) {
    outOfPlace(turn);
  }

  default void authenticated(AccountId account, Turn turn) {
    outOfPlace(turn);
  }

  default void spooled(Turn turn) {
    outOfPlace(turn);
  }

  default void delivered(ContentId content, Turn turn) {
    outOfPlace(turn);
  }

  default void failed(Refusal refusal, Turn turn) {
    outOfPlace(turn);
  }

  /** RFC 5321 4.5.3.2. */
  default void timedOut(Turn turn) {
    turn.close(SmtpReply.of(421, "4.4.2", turn.rules().hostName() + " timeout, closing"));
  }

  /** RFC 5321 3.8. */
  default void stopping(Turn turn) {
    turn.close(SmtpReply.of(421, "4.3.2", turn.rules().hostName() + " shutting down"));
  }

  /** An input that cannot be. */
  default void outOfPlace(Turn turn) {
    turn.close(SmtpReply.of(421, "4.3.0", turn.rules().hostName() + " internal error, closing"));
  }
}
