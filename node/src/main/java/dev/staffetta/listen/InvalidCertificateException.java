package dev.staffetta.listen;

/** A certificate or key that cannot be used; says of which file, why, and what would be right. */
public final class InvalidCertificateException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidCertificateException(String message) {
    super(message);
  }

  InvalidCertificateException(String message, Throwable cause) {
    super(message, cause);
  }
}
