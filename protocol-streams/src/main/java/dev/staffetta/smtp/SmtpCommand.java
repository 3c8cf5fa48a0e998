package dev.staffetta.smtp;

import dev.staffetta.ports.EnvelopeOptions.ForRecipient;
import dev.staffetta.ports.MailAddress;
import java.util.Optional;

/** A command line, understood. */
sealed interface SmtpCommand {

  /** Calls the visitor's method for this command. */
  void accept(Visitor visitor);

  /** What is done with each command. */
  interface Visitor {
    void hello(Hello hello);

    void mail(Mail mail);

    void rcpt(Rcpt rcpt);

    void data();

    void bdat(Bdat bdat);

    void rset();

    void noop();

    void vrfy();

    void help();

    void quit();

    void startTls();

    void auth(Auth auth);

    void notUnderstood(NotUnderstood notUnderstood);
  }

  /**
   * EHLO or HELO (RFC 5321 4.1.1.1).
   *
   * @param client the domain or address literal it names itself by; fit for a header field
   * @param extended EHLO
   */
  record Hello(String client, boolean extended) implements SmtpCommand {
    @Override
    public void accept(Visitor visitor) {
      visitor.hello(this);
    }
  }

  /**
   * MAIL (RFC 5321 4.1.1.2).
   *
   * @param sender empty: the null sender
   */
  record Mail(Optional<MailAddress> sender, MailParameters parameters) implements SmtpCommand {
    @Override
    public void accept(Visitor visitor) {
      visitor.mail(this);
    }
  }

  /**
   * RCPT (RFC 5321 4.1.1.3).
   *
   * @param recipient empty: {@code <postmaster>}, which needs no domain
   */
  record Rcpt(Optional<MailAddress> recipient, ForRecipient parameters) implements SmtpCommand {
    @Override
    public void accept(Visitor visitor) {
      visitor.rcpt(this);
    }
  }

  /** DATA (RFC 5321 4.1.1.4). */
  record Data() implements SmtpCommand {
    @Override
    public void accept(Visitor visitor) {
      visitor.data();
    }
  }

  /** BDAT (RFC 3030 2): so many octets follow at once, whatever the reply will be. */
  record Bdat(long octets, boolean last) implements SmtpCommand {
    @Override
    public void accept(Visitor visitor) {
      visitor.bdat(this);
    }
  }

  /** RSET (RFC 5321 4.1.1.5). */
  record Rset() implements SmtpCommand {
    @Override
    public void accept(Visitor visitor) {
      visitor.rset();
    }
  }

  /** NOOP (RFC 5321 4.1.1.9). */
  record Noop() implements SmtpCommand {
    @Override
    public void accept(Visitor visitor) {
      visitor.noop();
    }
  }

  /** VRFY (RFC 5321 4.1.1.6). */
  record Vrfy() implements SmtpCommand {
    @Override
    public void accept(Visitor visitor) {
      visitor.vrfy();
    }
  }

  /** HELP (RFC 5321 4.1.1.8). */
  record Help() implements SmtpCommand {
    @Override
    public void accept(Visitor visitor) {
      visitor.help();
    }
  }

  /** QUIT (RFC 5321 4.1.1.10). */
  record Quit() implements SmtpCommand {
    @Override
    public void accept(Visitor visitor) {
      visitor.quit();
    }
  }

  /** STARTTLS (RFC 3207 4). */
  record StartTls() implements SmtpCommand {
    @Override
    public void accept(Visitor visitor) {
      visitor.startTls();
    }
  }

  /**
   * AUTH (RFC 4954 4).
   *
   * @param mechanism upper-case
   * @param initialResponse in base64, {@code =} if it is empty; absent if none was given
   */
  record Auth(String mechanism, Optional<String> initialResponse) implements SmtpCommand {
    @Override
    public void accept(Visitor visitor) {
      visitor.auth(this);
    }

    /** Without the response, which may be a password. */
    @Override
    public String toString() {
      return "Auth[" + mechanism + "]";
    }
  }

  /** A line that is none of these, or has a mistake; the reply says what is wrong. */
  record NotUnderstood(SmtpReply reply) implements SmtpCommand {
    @Override
    public void accept(Visitor visitor) {
      visitor.notUnderstood(this);
    }
  }
}
