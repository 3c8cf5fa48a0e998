package dev.staffetta.relay;

import dev.staffetta.ports.Refusal;
import dev.staffetta.smtp.client.RecipientOutcome;
import dev.staffetta.smtp.client.RemoteReply;
import java.util.List;

/**
 * What is done about a content that is not in the store although a message that waits refers to it.
 * It does not come back, so the sender hears of it at once.
 */
final class LostContent {
  private static final RemoteReply REPLY =
      new RemoteReply(
          0, "5.3.0", "the message itself could not be read here any more: its content is lost");

  private LostContent() {}

  /** Whether a content could not be read since neither this node nor the leader has it. */
  static boolean isLost(Throwable failure) {
    return Refusal.of(failure).code() == Refusal.Code.NONEXISTENT;
  }

  /** What becomes of its message. */
  static List<RecipientOutcome> outcomes(QueueItem item) {
    return item.waiting().stream()
        .map(
            recipient ->
                new RecipientOutcome(
                    recipient.address(),
                    RecipientOutcome.Result.PERMANENT,
                    REPLY,
                    RecipientOutcome.Scope.MESSAGE,
                    false))
        .toList();
  }
}
