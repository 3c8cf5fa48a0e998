package dev.staffetta.config;

import java.util.Locale;

/** What a listener offers, under its name in IANA's register of services. */
public enum Service {
  /** Mail from other servers, with STARTTLS (RFC 5321, 3207). */
  SMTP(false),
  /** Mail from users, with STARTTLS (RFC 6409). */
  SUBMISSION(false),
  /** Mail from users, TLS from the first byte (RFC 8314 7.3). */
  SUBMISSIONS(true),
  /** With STLS (RFC 1939, 2595). */
  POP3(false),
  /** TLS from the first byte (RFC 8314 3.1). */
  POP3S(true),
  /** With STARTTLS (RFC 9051). */
  IMAP(false),
  /** TLS from the first byte (RFC 8314 3.2). */
  IMAPS(true);

  private final boolean startsWithTls;

  Service(boolean startsWithTls) {
    this.startsWithTls = startsWithTls;
  }

  /** Whether a connection is TLS from its first byte; otherwise TLS is started by a command. */
  public boolean startsWithTls() {
    return startsWithTls;
  }

  /** The service's name, which is its listener's key in the settings: {@code imaps}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
