package dev.staffetta.relay;

import dev.staffetta.mime.MessageSummary;
import dev.staffetta.relay.RecipientState.Told;
import dev.staffetta.relay.RelayQueueCommand.ReportAgain;
import dev.staffetta.relay.RelayQueueCommand.Reported;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what becomes of items, and sends the reports that are due on them until they are sent. */
final class DueReports {
  private static final Logger log = LoggerFactory.getLogger(DueReports.class);
  private static final Duration REPORT_PAUSE = Duration.ofMinutes(1);

  private final QueueWork work;
  private final QueueWriting writing;
  private final Destinations destinations;

  DueReports(QueueWork work, QueueWriting writing, Destinations destinations) {
    this.work = work;
    this.writing = writing;
    this.destinations = destinations;
  }

  /** Writes what has become of an item; it is free, or its reports are sent, when that is done. */
  void change(QueueItem before, QueueItem after, Runnable then) {
    writing.touch(before);
    writing.write(
        QueueChange.changed(before, after, work.now()),
        () -> {
          work.meters().changed(before, after, destinations.get(before.mail().destination()));
          if (after.hasReportsDue()) {
            send(after);
          } else {
            destinations.release(after);
          }
          then.run();
        });
  }

  void send(QueueItem item) {
    CompletionStage<Optional<MessageSummary>> summary =
        work.means()
            .delivery()
            .contents()
            .summaries(work.owner(), List.of(item.content()))
            .thenApply(all -> Optional.of(all.get(0)))
            // A report does without the message if that is lost.
            .exceptionallyCompose(
                failure ->
                    LostContent.isLost(failure)
                        ? CompletableFuture.completedStage(Optional.empty())
                        : CompletableFuture.failedStage(failure));
    CompletionStage<Void> sent = CompletableFuture.completedStage(null);
    for (Told told : List.of(Told.FAILURE, Told.DELAY, Told.SUCCESS)) {
      List<RecipientState> those = item.recipients().stream().filter(r -> r.due() == told).toList();
      if (!those.isEmpty()) {
        sent =
            sent.thenCompose(done -> summary)
                .thenCompose(s -> work.means().reports().send(report(item, told, those, s)))
                .thenRun(() -> work.meters().reported(Report.Kind.valueOf(told.name())));
      }
    }
    work.context().pipeToSelf(sent, (done, failure) -> reported(item, failure));
  }

  private static Reported reported(QueueItem item, Throwable failure) {
    if (failure != null) {
      log.warn(
          "{}: a report could not be sent, and will be: {}", item.content(), failure.toString());
    }
    return new Reported(item, failure == null);
  }

  private Report report(
      QueueItem item,
      Told told,
      List<RecipientState> recipients,
      Optional<MessageSummary> summary) {
    return new Report(
        Report.Kind.valueOf(told.name()),
        item.mail(),
        recipients.stream()
            .map(
                r ->
                    new Report.ReportedRecipient(
                        r.address(), r.reply(), r.host(), r.lastAttempt(), r.isRelayed()))
            .toList(),
        item.content(),
        summary,
        work.means().delivery().contents().read(work.owner(), item.content(), 0, item.size()),
        item.mail().accepted(),
        told == Told.DELAY ? Optional.of(work.progress().end(item)) : Optional.empty());
  }

  void onReported(Reported reported) {
    QueueItem item = reported.item();
    if (!reported.isDone()) {
      work.meters().notReported();
      work.timers().startSingleTimer(item.id(), new ReportAgain(item), REPORT_PAUSE);
      return;
    }
    writing.touch(item);
    QueueItem after = item.withRecipients(r -> r.told(Told.NOTHING));
    writing.write(QueueChange.changed(item, after, work.now()), () -> destinations.release(after));
  }
}
