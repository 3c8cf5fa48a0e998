package dev.staffetta.relay;

import dev.staffetta.relay.RelayQueueCommand.Signal;
import dev.staffetta.relay.RelayQueueCommand.Unlisted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists what waits by its destination where an earlier build did not, before the queue does
 * anything else: so nothing of it changes meanwhile. A mark says that it is done, and is only set
 * once something waits; a queue that ends half-way begins anew.
 */
final class QueueIndex {
  private static final Logger log = LoggerFactory.getLogger(QueueIndex.class);
  private static final int AT_ONCE = 500;

  private final QueueWork work;
  private final QueueWriting writing;
  private final Runnable then;
  private long listed;

  /**
   * @param then when it is complete
   */
  QueueIndex(QueueWork work, QueueWriting writing, Runnable then) {
    this.work = work;
    this.writing = writing;
    this.then = then;
  }

  void complete() {
    read(Optional.empty());
  }

  private void read(Optional<byte[]> after) {
    work.context()
        .pipeToSelf(
            work.read(mail -> mail.unlisted(after, AT_ONCE)),
            (found, failure) -> failure == null ? found : Signal.COUNT_AGAIN);
  }

  void onUnlisted(Unlisted found) {
    if (found.isMarked() || found.last().isEmpty()) {
      then.run();
      return;
    }
    listed += found.keys().size();
    List<byte[]> keys = new ArrayList<>(found.keys());
    if (found.isAll()) {
      keys.add(QueueKeys.listedByDestination());
    }
    if (found.isAll() && listed > 0) {
      log.info("{}: {} messages that waited are listed by destination now", work.id(), listed);
    }
    Runnable next = found.isAll() ? then : () -> read(found.last());
    if (keys.isEmpty()) {
      next.run();
    } else {
      writing.write(QueueChange.listed(keys), next);
    }
  }
}
