package dev.staffetta.ports;

/**
 * The answer no, with a reason that a protocol can put into its own code and words. Carries no
 * stack trace.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why; named after the response codes of RFC 5530 where it has one. */
  public enum Code {
    /**
     * Cannot be said now: the mailbox moves, the disk is full, no majority. The only temporary one.
     */
    UNAVAILABLE,
    NONEXISTENT,
    ALREADYEXISTS,
    OVERQUOTA,
    /** A limit of the configuration: number of folders, of keywords, of messages. */
    LIMIT,
    /** Is in use by another session (RFC 2449 8.1.2, POP3's maildrop lock). */
    INUSE,
    NOPERM,
    /** Cannot ever be done: delete INBOX, a name that is not allowed. */
    CANNOT,
    /** A mail was here before, and would be again and again (RFC 3463 3.5, X.4.6). */
    LOOP,
    /** Larger than a message may be. */
    TOOBIG
  }

  private final Code code;

  /** Refuses with a reason and a sentence for the client. */
  public Refusal(Code code, String text) {
    super(text, null, false, false);
    this.code = code;
  }

  /** The reason. */
  public Code code() {
    return code;
  }

  /**
   * The refusal inside a failed stage's exception; whatever else it is, {@link Code#UNAVAILABLE}.
   */
  public static Refusal of(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof Refusal refusal) {
        return refusal;
      }
    }
    return new Refusal(Code.UNAVAILABLE, "temporarily unavailable, try again later");
  }
}
