package dev.staffetta.smtp;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;

/** What a session hears of: frames, the answers of its effects, and the clock. */
sealed interface SmtpInput
    permits SmtpFrame,
        SmtpInput.SenderChecked,
        SmtpInput.RecipientFound,
        SmtpInput.Authenticated,
        SmtpInput.Spooled,
        SmtpInput.Abandoned,
        SmtpInput.Delivered,
        SmtpInput.Failed,
        SmtpInput.TimedOut,
        SmtpInput.Stopping {

  /** Calls the phase's method for this input. */
  void into(SmtpPhase phase, Turn turn);

  /** Whether the account may send under the address. */
  record SenderChecked(boolean allowed) implements SmtpInput {
    @Override
    public void into(SmtpPhase phase, Turn turn) {
      phase.senderChecked(allowed, turn);
    }
  }

  /**
   * Who a recipient is.
   *
   * @param address with the domain, where the client gave none
   */
  record RecipientFound(MailAddress address, Deliveries.Recipient kind) implements SmtpInput {
    @Override
    public void into(SmtpPhase phase, Turn turn) {
      phase.recipientFound(address, kind, turn);
    }
  }

  /** User and password are right. */
  record Authenticated(AccountId account) implements SmtpInput {
    @Override
    public void into(SmtpPhase phase, Turn turn) {
      phase.authenticated(account, turn);
    }
  }

  /** The spool took what it was given; the next chunk may come. */
  record Spooled() implements SmtpInput {
    @Override
    public void into(SmtpPhase phase, Turn turn) {
      phase.spooled(turn);
    }
  }

  /** The spool is freed. */
  record Abandoned() implements SmtpInput {
    @Override
    public void into(SmtpPhase phase, Turn turn) {
      // Nobody waits for it.
    }
  }

  /** The message is in every recipient's mailbox, durably. */
  record Delivered(ContentId content) implements SmtpInput {
    @Override
    public void into(SmtpPhase phase, Turn turn) {
      phase.delivered(content, turn);
    }
  }

  /** The effect under way did not come off. */
  record Failed(Refusal refusal) implements SmtpInput {
    @Override
    public void into(SmtpPhase phase, Turn turn) {
      phase.failed(refusal, turn);
    }
  }

  /** The client has said nothing for too long. */
  record TimedOut() implements SmtpInput {
    @Override
    public void into(SmtpPhase phase, Turn turn) {
      phase.timedOut(turn);
    }
  }

  /** The server goes down. */
  record Stopping() implements SmtpInput {
    @Override
    public void into(SmtpPhase phase, Turn turn) {
      phase.stopping(turn);
    }
  }
}
