package dev.staffetta.smtp;

import dev.staffetta.config.SmtpSettings;
import dev.staffetta.ports.Refusal;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Lets the rest of a message go by that will not be taken; the client hears of it at the end, where
 * it listens.
 *
 * @param transaction what is under way afterwards
 */
record Refusing(SmtpReply reply, Optional<Transaction> transaction) implements SmtpPhase {

  /** Skips the octets of a BDAT, then refuses it. */
  static void skip(
      SmtpCommand.Bdat bdat, SmtpReply reply, Optional<Transaction> transaction, Turn turn) {
    Refusing refusing = new Refusing(reply, transaction);
    if (bdat.octets() == 0) {
      refusing.end(true, turn);
    } else {
      turn.receive(new SmtpMode.Skipped(bdat.octets()));
      turn.await(refusing);
    }
  }

  @Override
  public Duration timeout(SmtpSettings settings) {
    return settings.dataTimeout();
  }

  @Override
  public void chunk(ByteString octets, Turn turn) {
    // Goes by.
  }

  @Override
  public void dropped(Turn turn) {
    // Goes by.
  }

  @Override
  public void end(boolean clean, Turn turn) {
    turn.await(new AwaitingCommand(transaction));
    turn.reply(reply);
  }

  @Override
  public void spooled(Turn turn) {
    // Took what is not wanted any more.
  }

  @Override
  public void failed(Refusal refusal, Turn turn) {
    // Did not take what is not wanted any more.
  }
}
