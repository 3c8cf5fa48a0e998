package dev.staffetta.relay;

import dev.staffetta.config.RelayScheduleSettings;
import dev.staffetta.ports.EnvelopeOptions.Notify;
import dev.staffetta.relay.QueueItem.Attempt;
import dev.staffetta.relay.RecipientState.Stage;
import dev.staffetta.relay.RecipientState.Told;
import dev.staffetta.smtp.client.RecipientOutcome;
import dev.staffetta.smtp.client.RecipientOutcome.Result;
import dev.staffetta.smtp.client.RecipientOutcome.Scope;
import dev.staffetta.smtp.client.RemoteReply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** What an attempt makes of an item. Pure. */
final class RelayProgress {
  /** What stands for a server's answer when an administrator wants no more attempts. */
  static final RemoteReply TAKEN_OUT =
      new RemoteReply(0, "5.7.0", "taken out of the queue by an administrator");

  private final Schedule schedule;
  private final RelayScheduleSettings settings;
  private final DoubleSupplier random;

  RelayProgress(RelayScheduleSettings settings, DoubleSupplier random) {
    this.schedule = new Schedule(settings);
    this.settings = settings;
    this.random = random;
  }

  /**
   * An attempt to send an item over a connection.
   *
   * @param readAtNanos when the last answer was read, by {@link System#nanoTime}
   */
  record AttemptedSend(
      QueueItem item, String host, String tls, List<RecipientOutcome> outcomes, long readAtNanos) {
    boolean isConnectionAtFault() {
      return outcomes.stream()
          .anyMatch(o -> o.scope() == Scope.CONNECTION && o.result() != Result.DELIVERED);
    }
  }

  /** How long a destination is left alone that failed so often in a row. */
  Duration rest(String destination, int failures) {
    return schedule.rest(destination, failures, random);
  }

  /** Until a destination is tried of which it is not known whether it failed. */
  Duration look(String destination) {
    return schedule.look(destination, random);
  }

  /** After it was sent, or not. */
  QueueItem after(AttemptedSend attempt, Instant now) {
    QueueItem item = attempt.item();
    Map<Object, RecipientOutcome> outcomes = new HashMap<>();
    attempt.outcomes().forEach(outcome -> outcomes.put(outcome.recipient(), outcome));
    List<Attempt> attempts = new ArrayList<>(item.attempts());
    String host = attempt.host() + (attempt.tls().isEmpty() ? "" : " (" + attempt.tls() + ")");
    attempt
        .outcomes()
        .forEach(
            o ->
                attempts.add(
                    new Attempt(
                        now, host, o.recipient().toString(), o.result().name(), o.reply())));
    QueueItem tried =
        item.withAttempts(attempts)
            .withRecipients(
                recipient -> {
                  RecipientOutcome outcome = outcomes.get(recipient.address());
                  return recipient.isWaiting() && outcome != null
                      ? after(item, recipient, outcome, attempt.host(), now)
                      : recipient;
                });
    // Even if the connection was lost, it may be this message that it was lost by: were it due as
    // soon as the destination is back, it could go round without end.
    return rescheduled(tried, false, now);
  }

  private static RecipientState after(
      QueueItem item,
      RecipientState recipient,
      RecipientOutcome outcome,
      String host,
      Instant now) {
    boolean wantsSuccess =
        item.mail().options().of(recipient.address()).wants(Notify.SUCCESS)
            && !outcome.isReportedOn();
    Stage stage =
        switch (outcome.result()) {
          case DELIVERED -> Stage.DELIVERED;
          case PERMANENT -> Stage.FAILED;
          case TEMPORARY -> Stage.WAITING;
        };
    Told told =
        switch (outcome.result()) {
          case DELIVERED -> wantsSuccess ? Told.SUCCESS : Told.NOTHING;
          case PERMANENT -> Told.FAILURE;
          case TEMPORARY -> Told.NOTHING;
        };
    return recipient.with(
        stage,
        told,
        outcome.reply(),
        host.isEmpty() ? Optional.empty() : Optional.of(host),
        now,
        !outcome.isReportedOn());
  }

  /**
   * After no connection came about. What was not due, and was to find out whether the destination
   * is back, keeps its time.
   */
  QueueItem failed(
      QueueItem item, RemoteReply reply, String host, boolean isDestinationAtFault, Instant now) {
    List<Attempt> attempts = new ArrayList<>(item.attempts());
    attempts.add(
        new Attempt(now, host, "", reply.isTemporary() ? "TEMPORARY" : "PERMANENT", reply));
    boolean isPermanent = !reply.isTemporary();
    QueueItem tried =
        item.withAttempts(attempts)
            .withRecipients(
                r ->
                    r.isWaiting()
                        ? r.with(
                            isPermanent ? Stage.FAILED : Stage.WAITING,
                            isPermanent ? Told.FAILURE : Told.NOTHING,
                            reply,
                            host.isEmpty() ? Optional.empty() : Optional.of(host),
                            now,
                            false)
                        : r);
    return isDestinationAtFault && !isPermanent && now.isBefore(item.nextAttempt())
        ? tried
        : rescheduled(tried, isDestinationAtFault, now);
  }

  private QueueItem rescheduled(QueueItem item, boolean isDestinationAtFault, Instant now) {
    if (item.waiting().isEmpty()) {
      return item.withNext(item.failures(), now, item.isWarned(), false);
    }
    String destination = item.mail().destination();
    Instant accepted = item.mail().accepted();
    int failures = item.failures() + 1;
    if (schedule.isGivenUp(destination, accepted, now)) {
      return item.withRecipients(r -> r.isWaiting() ? givenUp(r, destination) : r)
          .withNext(failures, now, item.isWarned(), false);
    }
    boolean warns = !item.isWarned() && schedule.isLate(destination, accepted, now);
    QueueItem later =
        item.withNext(
            failures,
            schedule.next(destination, failures, accepted, now, random),
            item.isWarned() || warns,
            isDestinationAtFault);
    return warns ? later.withRecipients(r -> r.isWaiting() ? r.told(Told.DELAY) : r) : later;
  }

  private RecipientState givenUp(RecipientState recipient, String destination) {
    RemoteReply last = recipient.reply();
    return recipient.with(
        Stage.FAILED,
        Told.FAILURE,
        new RemoteReply(
            last.code(),
            last.status(),
            last.text()
                + " (given up after "
                + words(settings.of(destination).giveUpAfter())
                + ")"),
        recipient.host(),
        recipient.lastAttempt(),
        false);
  }

  private static String words(Duration time) {
    if (time.toHours() > 0) {
      return time.toHours() + " hours";
    }
    return time.toMinutes() > 0 ? time.toMinutes() + " minutes" : time.toSeconds() + " seconds";
  }

  /** An administrator wants no more attempts, and the sender to be told. */
  QueueItem bounced(QueueItem item, Instant now) {
    return item.withRecipients(
            r ->
                r.isWaiting()
                    ? r.with(Stage.FAILED, Told.FAILURE, TAKEN_OUT, Optional.empty(), now, false)
                    : r)
        .withHeld(false)
        .withNext(item.failures(), now, item.isWarned(), false);
  }

  /** An administrator wants no more attempts, and nobody to be told. */
  QueueItem cancelled(QueueItem item, Instant now) {
    return bounced(item, now).withRecipients(r -> r.told(Told.NOTHING));
  }

  /** Until when an item is tried. */
  Instant end(QueueItem item) {
    return schedule.end(item.mail().destination(), item.mail().accepted());
  }
}
