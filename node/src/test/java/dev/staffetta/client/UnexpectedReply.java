package dev.staffetta.client;

import java.io.IOException;

/** The server answered, and it was not what the caller asked for. */
public final class UnexpectedReply extends IOException {
  private static final long serialVersionUID = 1L;

  private final String reply;

  /** A reply, and the command that it answers. */
  public UnexpectedReply(String command, String reply) {
    super(command + " was answered by: " + reply);
    this.reply = reply;
  }

  /** What the server answered. */
  public String reply() {
    return reply;
  }
}
