package dev.staffetta.ports;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The mail that waits for other servers, as an administrator sees and changes it.
 *
 * <p>A stage fails with {@link Refusal}. What goes over many messages goes page by page: the answer
 * says where the next page begins, and who asks goes on from there; a message that comes or goes
 * meanwhile may be missed, each other one is met once.
 */
public interface Queues {
  /** How many messages a page has at most, whatever is asked for. */
  int LARGEST_PAGE = 500;

  /**
   * Messages that wait, in an order of no meaning that stays the same.
   *
   * @param domain only those for it
   * @param after where the page before ended; empty: from the first
   */
  CompletionStage<Page> list(Optional<String> domain, Optional<String> after, int limit);

  /** A message that waits, or has waited and is still remembered; refused if there is none. */
  CompletionStage<QueuedMail> show(ContentId id);

  /**
   * Changes messages that are not being sent just now. May be repeated without harm.
   *
   * @param after where the call before ended; empty: from the first
   */
  CompletionStage<Changed> change(Change change, Selection which, Optional<String> after);

  /** {@link Change#RETRY} of everything. */
  default CompletionStage<Changed> flush(Optional<String> after) {
    return change(Change.RETRY, new Selection.All(), after);
  }

  /**
   * How much waits. A queue that does not answer soon is left out, and counted.
   *
   * @param top how many destinations to name
   */
  CompletionStage<Sizes> sizes(int top);

  /**
   * What waits, or has waited and is still remembered, of a message: an item for each destination,
   * the oldest first.
   *
   * @param name its Message-ID, with angle brackets or without, its content's id, or an item's
   */
  CompletionStage<List<QueuedMail>> trace(String name);

  /** What is done with a message. */
  enum Change {
    /** It is tried now. One that is held stays so, and is refused if it is asked for alone. */
    RETRY,
    /** It is not tried until it is released. */
    HOLD,
    RELEASE,
    /** It is not tried any more; its sender hears nothing. */
    CANCEL,
    /** It is not tried any more; its sender gets a report. */
    BOUNCE
  }

  /** Which messages. */
  sealed interface Selection {
    /** One; refused if it does not wait. */
    record Single(ContentId id) implements Selection {}

    record OfDomain(String domain) implements Selection {}

    record All() implements Selection {}
  }

  /**
   * Some messages.
   *
   * @param next where the next page begins; empty: this was the last
   */
  record Page(List<QueuedMail> messages, Optional<String> next) {
    public Page {
      messages = List.copyOf(messages);
    }
  }

  /**
   * What a call has changed.
   *
   * @param busy left alone, since they are being sent
   * @param next where to go on; empty: all is done
   */
  record Changed(long changed, long busy, Optional<String> next) {}

  /**
   * How much waits.
   *
   * @param top destinations with most messages, the largest first
   * @param silent queues that did not answer
   */
  record Sizes(Size all, long destinations, List<DestinationSize> top, int silent) {
    public Sizes {
      top = List.copyOf(top);
    }
  }

  /**
   * Numbers of what waits.
   *
   * @param recipients that a message of these waits for
   * @param held of the messages
   * @param oldestMillis when the oldest message was accepted, since 1970; empty: there is none
   */
  record Size(long messages, long recipients, long held, Optional<Long> oldestMillis) {}

  /** How much waits for a destination. */
  record DestinationSize(String destination, Size size) {}
}
