package dev.staffetta.relay.tlsrpt;

/**
 * How sessions failed (RFC 8460 4.3): those that are alike are counted together.
 *
 * @param mxHost that was to be spoken with; empty: it did not come so far
 * @param receivingIp its address; empty: it did not come so far
 * @param sendingIp the configured address that it was spoken from; empty: the system chose one
 * @param reason for people; empty: none
 */
public record SessionFailure(
    ResultType type, String mxHost, String receivingIp, String sendingIp, String reason) {
  private static final int MAX_REASON = 200;

  public SessionFailure {
    reason = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
  }

  /** Of one that did not come about. */
  public SessionFailure(ResultType type, String mxHost, String reason) {
    this(type, mxHost, "", "", reason);
  }
}
