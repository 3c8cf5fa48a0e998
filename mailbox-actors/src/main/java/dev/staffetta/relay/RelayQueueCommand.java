package dev.staffetta.relay;

import dev.staffetta.ports.ContentId;
import dev.staffetta.relay.RelayProgress.AttemptedSend;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.EntityMessage;
import dev.staffetta.sharding.Question;
import dev.staffetta.smtp.client.RemoteReply;
import dev.staffetta.store.content.SmallContent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;

/** What a queue is told and asked. Each may be sent again without harm. */
sealed interface RelayQueueCommand extends EntityMessage {
  /**
   * Takes a message over.
   *
   * @param small its content, unless it is stored already
   */
  record Accept(QueueItem item, Optional<SmallContent> small, ActorRef<Answer<Done>> replyTo)
      implements RelayQueueCommand, Question<Done> {}

  /** Be awake, and look what is due. */
  record Wake() implements RelayQueueCommand {}

  /**
   * Items, ascending by id.
   *
   * @param domain only those for it; empty text: all
   * @param after only those whose id is greater, 32 hexadecimal digits; empty text: from the first
   */
  record ListItems(String domain, String after, int limit, ActorRef<Answer<Items>> replyTo)
      implements RelayQueueCommand, Question<Items> {}

  /** All that is known of a message by its Message-ID, content id or item id. */
  record Trace(String name, ActorRef<Answer<Items>> replyTo)
      implements RelayQueueCommand, Question<Items> {}

  /**
   * How much waits.
   *
   * @param limit how many destinations to name, those with most
   */
  record GetSizes(int limit, ActorRef<Answer<Sizes>> replyTo)
      implements RelayQueueCommand, Question<Sizes> {}

  /**
   * Does something with items that are not being sent right now, some at once: who wants more goes
   * on behind the last.
   *
   * @param operation RETRY, HOLD, RELEASE, CANCEL or BOUNCE
   * @param item 32 hexadecimal digits; empty text: all
   * @param domain of which; empty text: of all domains
   * @param after only those whose id is greater; empty text: from the first
   */
  record Operate(
      String operation,
      String item,
      String domain,
      String after,
      ActorRef<Answer<Operated>> replyTo)
      implements RelayQueueCommand, Question<Operated> {}

  /**
   * What has been done.
   *
   * @param busy items that were left alone, since they are being sent
   * @param held items that were not made due, since they are held
   * @param last id of the last item that was looked at; empty text: there are no more
   */
  record Operated(long changed, long busy, long held, String last) implements EntityMessage {}

  /** Some items. */
  record Items(List<QueueItem> items) implements EntityMessage {}

  /**
   * How much waits.
   *
   * @param all for no destination in particular
   * @param destinations how many there are
   * @param sizes of those destinations that have most, the largest first
   */
  record Sizes(Size all, long destinations, List<Size> sizes) implements EntityMessage {}

  /**
   * How much waits for one destination.
   *
   * @param oldestMillis when the oldest of it was accepted, since 1970; with nothing that waits the
   *     largest there is
   */
  record Size(String destination, long waiting, long recipients, long held, long oldestMillis)
      implements EntityMessage {}

  // To itself, and from its connections, which are on its node.

  record Checked(Accept accept, boolean isKnown, boolean isFailed)
      implements RelayQueueCommand, ToItself {}

  /**
   * Items that are not listed by their destination, as an earlier build left them.
   *
   * @param keys that would list them
   * @param last key that was looked at; empty: none waits
   * @param isAll there are no more
   * @param isMarked nothing was looked at, since it was done before
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Unlisted(List<byte[]> keys, Optional<byte[]> last, boolean isAll, boolean isMarked)
      implements RelayQueueCommand, ToItself {}

  /** What waits, by destination. */
  record Counted(Map<String, WaitingMail.Count> counts) implements RelayQueueCommand, ToItself {}

  /**
   * Some items of a destination that are due.
   *
   * @param nextDueMillis of those that were passed over
   * @param last key that was looked at; empty: there are no more
   */
  record Loaded(
      String destination,
      List<QueueItem> items,
      long nextDueMillis,
      Optional<byte[]> last,
      boolean isFailed)
      implements RelayQueueCommand, ToItself {}

  record ToChange(Operate operate, List<QueueItem> items, boolean isFailed)
      implements RelayQueueCommand, ToItself {}

  /** Items that somebody asked for. */
  record Found(Question<Items> question, List<QueueItem> items, boolean isFailed)
      implements RelayQueueCommand, ToItself {}

  record Old(List<QueueChange.Forgotten> items) implements RelayQueueCommand, ToItself {}

  /** A report could not be sent before. */
  record ReportAgain(QueueItem item) implements RelayQueueCommand, ToItself {}

  record Reported(QueueItem item, boolean isDone) implements RelayQueueCommand, ToItself {}

  /** A connection is open, or has finished with a message, and takes the next one. */
  record Ready(String destination, ActorRef<Delivery.Command> connection)
      implements RelayQueueCommand, ToItself {}

  /**
   * What became of a message.
   *
   * @param isLast the connection takes no other
   */
  record Sent(
      String destination,
      ActorRef<Delivery.Command> connection,
      AttemptedSend attempt,
      boolean isLast)
      implements RelayQueueCommand, ToItself {}

  /** A connection has had nothing to do for a while. */
  record Idle(String destination, ActorRef<Delivery.Command> connection)
      implements RelayQueueCommand, ToItself {}

  /** No connection came about. */
  record NoWay(
      String destination,
      ActorRef<Delivery.Command> connection,
      boolean requiresTls,
      RemoteReply reply,
      String host)
      implements RelayQueueCommand, ToItself {}

  /** There is no room for another connection to these hosts now. */
  record Crowded(String destination, ActorRef<Delivery.Command> connection)
      implements RelayQueueCommand, ToItself {}

  record Ended(String destination, ActorRef<Delivery.Command> connection)
      implements RelayQueueCommand, ToItself {}

  /** To itself. */
  enum Signal implements RelayQueueCommand, ToItself {
    FLUSH,
    PUMP,
    SWEEP,
    COUNT,
    COUNT_AGAIN,
    STOP
  }

  /** An item's id again; empty: it is none. */
  static Optional<ContentId> id(String hex) {
    return hex.matches("[0-9a-f]{32}")
        ? Optional.of(
            new ContentId(
                Long.parseUnsignedLong(hex.substring(0, 16), 16),
                Long.parseUnsignedLong(hex.substring(16), 16)))
        : Optional.empty();
  }
}
