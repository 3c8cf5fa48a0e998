package dev.staffetta.smtp;

import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Waits for a command.
 *
 * @param transaction begun by MAIL and not ended (RFC 5321 3.3)
 */
record AwaitingCommand(Optional<Transaction> transaction) implements SmtpPhase {
  /** Outside of any transaction. */
  AwaitingCommand() {
    this(Optional.empty());
  }

  AwaitingCommand(Transaction transaction) {
    this(Optional.of(transaction));
  }

  @Override
  public void line(ByteString text, Turn turn) {
    SmtpGrammar.parse(text, turn.rules().settings().maxCommandLineInOctets())
        .accept(new CommandStep(turn, transaction));
  }

  @Override
  public void badLine(SmtpFrame.BadLine.Fault fault, Turn turn) {
    turn.fault(reply(fault));
  }

  private static SmtpReply reply(SmtpFrame.BadLine.Fault fault) {
    return switch (fault) {
      case TOO_LONG -> SmtpReply.of(500, "5.5.2", "line too long");
      case BARE_CR_OR_LF -> SmtpReply.of(500, "5.5.2", "lines end with CRLF, not with CR or LF");
    };
  }
}
