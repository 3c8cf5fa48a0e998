package dev.staffetta.smtp.client;

import dev.staffetta.config.RelayClientSettings;
import java.time.Duration;

/**
 * Where a client's session stands.
 *
 * @param offered in the last answer to EHLO
 * @param isTls whether TLS was started
 * @param isHandshaking whether nothing was heard yet since it was
 * @param needsReset whether a transaction of MAIL may be open at the server
 */
record ClientState(
    Phase phase, Extensions offered, boolean isTls, boolean isHandshaking, boolean needsReset) {
  /** What is awaited. */
  sealed interface Phase {}

  /** The greeting. */
  record Greeting() implements Phase {}

  /** The answer to EHLO or LHLO; or to HELO. */
  record Hello(boolean isExtended) implements Phase {}

  /** The answer to STARTTLS. */
  record StartingTls() implements Phase {}

  /** An answer of AUTH. */
  record LoggingIn(Step step) implements Phase {
    /** What was said last. */
    enum Step {
      PLAIN,
      LOGIN,
      USER,
      PASSWORD
    }
  }

  /** A message to send. */
  record Idle() implements Phase {}

  /** What the message consists of. */
  record Scanning(OutgoingMail mail) implements Phase {}

  /** The answers due in a transaction. */
  record Mailing(Transaction transaction) implements Phase {}

  /** The answer to QUIT. */
  record Quitting() implements Phase {}

  /** Nothing. */
  record Closed() implements Phase {}

  static ClientState opening(boolean isTls) {
    return new ClientState(new Greeting(), Extensions.NONE, isTls, isTls, false);
  }

  ClientState with(Phase next) {
    return new ClientState(next, offered, isTls, isHandshaking, needsReset);
  }

  ClientState offering(Extensions extensions) {
    return new ClientState(phase, extensions, isTls, isHandshaking, needsReset);
  }

  ClientState needingReset(boolean needed) {
    return new ClientState(phase, offered, isTls, isHandshaking, needed);
  }

  /** TLS starts; what was said in plain text counts no more (RFC 3207 4.2). */
  ClientState startingTls() {
    return new ClientState(new Hello(true), Extensions.NONE, true, true, false);
  }

  /** Something was heard. */
  ClientState heard() {
    return isHandshaking ? new ClientState(phase, offered, isTls, false, needsReset) : this;
  }

  /** How long the server may be silent (RFC 5321 4.5.3.2). */
  Duration timeout(RelayClientSettings settings) {
    if (phase instanceof Greeting) {
      return settings.greeting();
    } else if (phase instanceof Idle) {
      return settings.idle();
    } else if (phase instanceof Quitting) {
      return settings.quit();
    } else if (phase instanceof Mailing mailing) {
      return mailing.transaction().timeout(settings);
    }
    return settings.hello();
  }

  /** What the server has not answered, for people. */
  String awaited() {
    if (phase instanceof Greeting) {
      return "its greeting";
    } else if (phase instanceof Hello hello) {
      return hello.isExtended() ? "the answer to EHLO" : "the answer to HELO";
    } else if (phase instanceof StartingTls) {
      return "the answer to STARTTLS";
    } else if (phase instanceof LoggingIn) {
      return "the answer to AUTH";
    } else if (phase instanceof Mailing mailing) {
      return mailing.transaction().awaited();
    }
    return "anything";
  }
}
