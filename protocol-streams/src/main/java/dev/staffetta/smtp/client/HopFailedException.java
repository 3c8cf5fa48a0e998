package dev.staffetta.smtp.client;

import java.util.Optional;

/** A hop that could not be made ready for a message: nothing was sent. Has no stack trace. */
public final class HopFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** How far it came. */
  public enum Stage {
    CONNECT,
    GREETING,
    HELLO,
    /** STARTTLS was not offered or refused, or the handshake or the certificate failed. */
    TLS,
    LOGIN
  }

  private final Stage stage;
  private final transient RemoteReply reply;
  private final transient Optional<TlsProblem> problem;

  /** At a stage, with what was said or happened. */
  public HopFailedException(Stage stage, RemoteReply reply) {
    this(stage, reply, Optional.empty());
  }

  private HopFailedException(Stage stage, RemoteReply reply, Optional<TlsProblem> problem) {
    super(stage + ": " + reply, null, false, false);
    this.stage = stage;
    this.reply = reply;
    this.problem = problem;
  }

  /** The same, where it is known what was wrong with TLS. */
  HopFailedException with(TlsProblem found) {
    return new HopFailedException(stage, reply, Optional.of(found));
  }

  /** What was wrong with TLS; empty: it was something else. */
  public Optional<TlsProblem> problem() {
    return problem;
  }

  public Stage stage() {
    return stage;
  }

  public RemoteReply reply() {
    return reply;
  }
}
