package dev.staffetta.smtp.client;

/**
 * What the other server said, or, where it said nothing, what happened.
 *
 * @param code of three digits; 0: it said nothing, and {@code text} is in our words
 * @param status the enhanced status code (RFC 3463), its own or the nearest that fits
 * @param text its lines, divided by a space, without code and status; no control characters
 */
public record RemoteReply(int code, String status, String text) {
  /** Whether to try again may help: all but 5yz, and 552 where it stands for 452. */
  public boolean isTemporary() {
    return status.startsWith("4");
  }

  /** As it came: {@code 550 5.1.1 no such user}. */
  @Override
  public String toString() {
    return (code == 0 ? "" : code + " ") + status + " " + text;
  }
}
