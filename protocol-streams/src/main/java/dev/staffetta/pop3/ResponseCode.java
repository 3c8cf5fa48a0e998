package dev.staffetta.pop3;

import dev.staffetta.ports.Refusal;
import java.util.Optional;

/** Why an {@code -ERR}, for a program to read (RFC 2449 8, RFC 3206). */
enum ResponseCode {
  /** Another session has the maildrop. */
  IN_USE("IN-USE"),
  /** User or password are wrong. */
  AUTH("AUTH"),
  /** Will likely pass by itself. */
  SYS_TEMP("SYS/TEMP"),
  /** Someone must do something. */
  SYS_PERM("SYS/PERM");

  private final String text;

  ResponseCode(String text) {
    this.text = text;
  }

  /** As in the reply, without brackets. */
  String text() {
    return text;
  }

  /** The code that says what a refusal says; empty: none does. */
  static Optional<ResponseCode> of(Refusal refusal) {
    return switch (refusal.code()) {
      case NOPERM -> Optional.of(AUTH);
      case INUSE -> Optional.of(IN_USE);
      case UNAVAILABLE, LIMIT -> Optional.of(SYS_TEMP);
      case NONEXISTENT, ALREADYEXISTS, OVERQUOTA, CANNOT, LOOP, TOOBIG -> Optional.of(SYS_PERM);
    };
  }
}
