package dev.staffetta.relay;

import dev.staffetta.ports.MailAddress;
import dev.staffetta.smtp.client.RemoteReply;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a message has come for one recipient.
 *
 * @param due a report that has to be sent, and is not yet
 * @param host that said the last reply; empty: it was decided here
 * @param isRelayed it went to a host that does not report
 */
record RecipientState(
    MailAddress address,
    Stage stage,
    Told due,
    RemoteReply reply,
    Optional<String> host,
    Instant lastAttempt,
    boolean isRelayed) {
  /** Before the first attempt. */
  static final RemoteReply NOT_TRIED = new RemoteReply(0, "4.0.0", "not tried yet");

  /** Where it stands. */
  enum Stage {
    WAITING,
    DELIVERED,
    FAILED
  }

  /** What has to be told. */
  enum Told {
    NOTHING,
    FAILURE,
    DELAY,
    SUCCESS
  }

  static RecipientState waiting(MailAddress address, Instant accepted) {
    return new RecipientState(
        address, Stage.WAITING, Told.NOTHING, NOT_TRIED, Optional.empty(), accepted, false);
  }

  boolean isWaiting() {
    return stage == Stage.WAITING;
  }

  RecipientState with(
      Stage next, Told report, RemoteReply said, Optional<String> by, Instant at, boolean relayed) {
    return new RecipientState(address, next, report, said, by, at, relayed);
  }

  RecipientState told(Told report) {
    return new RecipientState(address, stage, report, reply, host, lastAttempt, isRelayed);
  }
}
