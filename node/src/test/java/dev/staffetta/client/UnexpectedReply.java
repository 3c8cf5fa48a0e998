package dev.staffetta.client;

import java.io.IOException;

/**
 * The server answered, and it was not what the caller asked for. What it answered is the message.
 */
public final class UnexpectedReply extends IOException {
  private static final long serialVersionUID = 1L;

  /** A reply, and the command that it answers. */
  public UnexpectedReply(String command, String reply) {
    super(command + " was answered by: " + reply);
  }
}
