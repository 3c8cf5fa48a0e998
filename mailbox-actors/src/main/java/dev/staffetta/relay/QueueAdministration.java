package dev.staffetta.relay;

import dev.staffetta.ports.ContentId;
import dev.staffetta.relay.RelayQueueCommand.Found;
import dev.staffetta.relay.RelayQueueCommand.GetSizes;
import dev.staffetta.relay.RelayQueueCommand.Items;
import dev.staffetta.relay.RelayQueueCommand.ListItems;
import dev.staffetta.relay.RelayQueueCommand.Operate;
import dev.staffetta.relay.RelayQueueCommand.Operated;
import dev.staffetta.relay.RelayQueueCommand.ToChange;
import dev.staffetta.relay.RelayQueueCommand.Trace;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.ParcelKeeper;
import dev.staffetta.sharding.Question;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an administrator asks a queue, and does with its items. */
final class QueueAdministration {
  private static final Logger log = LoggerFactory.getLogger(QueueAdministration.class);
  private static final int OPERATED_AT_ONCE = 500;
  private static final int TRACED = 1000;

  private final QueueWork work;
  private final QueueWriting writing;
  private final Destinations destinations;
  private final DueReports reports;

  QueueAdministration(
      QueueWork work, QueueWriting writing, Destinations destinations, DueReports reports) {
    this.work = work;
    this.writing = writing;
    this.destinations = destinations;
    this.reports = reports;
  }

  void onList(ListItems list) {
    find(list, mail -> mail.list(list.domain(), RelayQueueCommand.id(list.after()), list.limit()));
  }

  void onTrace(Trace trace) {
    find(trace, mail -> mail.trace(trace.name(), TRACED));
  }

  private void find(Question<Items> question, Function<WaitingMail, List<QueueItem>> reading) {
    work.context()
        .pipeToSelf(
            work.read(reading),
            (items, failure) ->
                new Found(question, failure == null ? items : List.of(), failure != null));
  }

  void onFound(Found found) {
    if (found.isFailed()) {
      RelayQueue.refuse(found.question());
    } else {
      ParcelKeeper.answer(
          work.context(), found.question().replyTo(), new ItemsParcel(found.items()));
    }
  }

  void onSizes(GetSizes sizes) {
    work.means()
        .read(mail -> mail.sizes(sizes.limit()))
        .whenComplete(
            (value, failure) -> {
              if (failure == null) {
                sizes.replyTo().tell(Answer.done(value));
              } else {
                RelayQueue.refuse(sizes);
              }
            });
  }

  void onOperate(Operate operate) {
    writing.startReading();
    work.context()
        .pipeToSelf(
            work.read(
                mail ->
                    operate.item().isEmpty()
                        ? mail.list(
                            operate.domain(),
                            RelayQueueCommand.id(operate.after()),
                            OPERATED_AT_ONCE)
                        : RelayQueueCommand.id(operate.item()).flatMap(mail::item).stream()
                            .toList()),
            (items, failure) ->
                new ToChange(operate, failure == null ? items : List.of(), failure != null));
  }

  void onToChange(ToChange toChange) {
    Set<ContentId> changed = writing.endReading();
    Operate operate = toChange.operate();
    if (toChange.isFailed()) {
      RelayQueue.refuse(operate);
      return;
    }
    List<QueueItem> items = toChange.items();
    Instant now = work.now();
    int held = 0;
    int changes = 0;
    for (QueueItem item : items) {
      if (operate.operation().equals("RETRY") && item.isHeld()) {
        held++;
        continue;
      }
      Destination to = destinations.get(item.mail().destination());
      // What has changed since it was read may be ready again, but not as it was read.
      if (changed.contains(item.id()) || !takeBack(to, item)) {
        continue;
      }
      if (operate.operation().equals("RETRY")) {
        to.restsUntilMillis = 0;
        to.loadedTo = Optional.empty();
        to.failure = Optional.empty();
      }
      QueueItem after = operated(operate.operation(), item, now);
      to.isStale |= to.isLoading;
      reports.change(item, after, () -> {});
      changes++;
    }
    Operated operated =
        new Operated(
            changes,
            items.size() - changes - held,
            held,
            items.size() < OPERATED_AT_ONCE ? "" : items.get(items.size() - 1).id().toString());
    if (changes == 0) {
      operate.replyTo().tell(Answer.done(operated));
      return;
    }
    log.info("{}: {} of {} messages", work.id(), operate.operation(), changes);
    writing.write(QueueChange.PAST, () -> operate.replyTo().tell(Answer.done(operated)));
  }

  /** Makes an item busy that is not, or waits for a connection only. */
  private static boolean takeBack(Destination to, QueueItem item) {
    return to.ready.removeIf(ready -> ready.id().equals(item.id())) || to.busy.add(item.id());
  }

  private QueueItem operated(String operation, QueueItem item, Instant now) {
    return switch (operation) {
      case "HOLD" -> item.withHeld(true);
      case "RELEASE" -> item.withHeld(false);
      case "CANCEL" -> work.progress().cancelled(item, now);
      case "BOUNCE" -> work.progress().bounced(item, now);
      default -> item.withNext(item.failures(), now, item.isWarned(), false);
    };
  }
}
