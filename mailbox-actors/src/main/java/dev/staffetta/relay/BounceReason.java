package dev.staffetta.relay;

import dev.staffetta.relay.RecipientState.Stage;
import java.util.Locale;

/** Why a message came back, as a metric tells it: the subjects of RFC 3463 3, and our own. */
enum BounceReason {
  /** X.1: there is no such address. */
  ADDRESS,
  /** X.2: its mailbox takes nothing. */
  MAILBOX,
  /** X.3: the mail system, there or here. */
  SYSTEM,
  /** X.4: there is no way to it. */
  NETWORK,
  /** X.5: the two servers do not understand each other. */
  PROTOCOL,
  /** X.6: what the message is made of. */
  CONTENT,
  /** X.7: security, or a rule: whatever is done about mail that is not wanted. */
  POLICY,
  /** It could not be delivered for so long that it was given up. */
  EXPIRED,
  /** An administrator took it out of the queue. */
  ADMINISTRATOR,
  /** None of them. */
  OTHER;

  private static final String SUBJECTS = "1234567";

  /** Of a recipient whose stage is {@link Stage#FAILED}. */
  static BounceReason of(RecipientState failed) {
    String status = failed.reply().status();
    if (failed.reply().equals(RelayProgress.TAKEN_OUT)) {
      return ADMINISTRATOR;
    }
    if (failed.reply().isTemporary()) {
      return EXPIRED;
    }
    int subject = status.length() < 3 ? -1 : SUBJECTS.indexOf(status.charAt(2));
    return subject < 0 ? OTHER : values()[subject];
  }

  /** As a label. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
