package dev.staffetta.smtp.client;

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

  /** At a stage, with what was said or happened. */
  public HopFailedException(Stage stage, RemoteReply reply) {
    super(stage + ": " + reply, null, false, false);
    this.stage = stage;
    this.reply = reply;
  }

  public Stage stage() {
    return stage;
  }

  public RemoteReply reply() {
    return reply;
  }
}
