package dev.staffetta.smtp;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.MailAddress;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/** What a session asks of the rest of the product; each is answered by one input. */
sealed interface SmtpEffect {

  /** Has the runner carry it out. */
  CompletionStage<? extends SmtpInput> run(Runner runner);

  /** Carries effects out. */
  interface Runner {
    CompletionStage<? extends SmtpInput> run(CheckSender effect);

    CompletionStage<? extends SmtpInput> run(FindRecipient effect);

    CompletionStage<? extends SmtpInput> run(Authenticate effect);

    CompletionStage<? extends SmtpInput> run(OpenSpool effect);

    CompletionStage<? extends SmtpInput> run(Append effect);

    CompletionStage<? extends SmtpInput> run(Abandon effect);

    CompletionStage<? extends SmtpInput> run(Deliver effect);
  }

  /** Asks whether an account may send under an address that is not its own. */
  record CheckSender(AccountId account, MailAddress sender) implements SmtpEffect {
    @Override
    public CompletionStage<? extends SmtpInput> run(Runner runner) {
      return runner.run(this);
    }
  }

  /**
   * Looks a recipient up.
   *
   * @param address empty: this host's postmaster
   * @param account that is to send to it, whose recipients are counted; empty: another server's
   */
  record FindRecipient(Optional<MailAddress> address, Optional<AccountId> account)
      implements SmtpEffect {
    @Override
    public CompletionStage<? extends SmtpInput> run(Runner runner) {
      return runner.run(this);
    }
  }

  /** Verifies a password. */
  record Authenticate(String user, String password, InetAddress client) implements SmtpEffect {
    @Override
    public CompletionStage<? extends SmtpInput> run(Runner runner) {
      return runner.run(this);
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "Authenticate[" + user + ", " + client + "]";
    }
  }

  /** Opens the spool with the first octets of a message, our own trace fields. */
  record OpenSpool(ByteString trace) implements SmtpEffect {
    @Override
    public CompletionStage<? extends SmtpInput> run(Runner runner) {
      return runner.run(this);
    }
  }

  /** Adds to the message in the spool. */
  record Append(ByteString octets) implements SmtpEffect {
    @Override
    public CompletionStage<? extends SmtpInput> run(Runner runner) {
      return runner.run(this);
    }
  }

  /** Frees the spool; the message is not wanted any more. */
  record Abandon() implements SmtpEffect {
    @Override
    public CompletionStage<? extends SmtpInput> run(Runner runner) {
      return runner.run(this);
    }
  }

  /**
   * Delivers the message in the spool, then frees it.
   *
   * @param id names the message in the log
   * @param rest the message's last octets; may be empty
   */
  record Deliver(String id, Envelope envelope, ByteString rest) implements SmtpEffect {
    @Override
    public CompletionStage<? extends SmtpInput> run(Runner runner) {
      return runner.run(this);
    }
  }
}
