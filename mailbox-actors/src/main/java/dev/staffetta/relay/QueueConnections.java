package dev.staffetta.relay;

import dev.staffetta.relay.RelayProgress.AttemptedSend;
import dev.staffetta.relay.RelayQueueCommand.Crowded;
import dev.staffetta.relay.RelayQueueCommand.Ended;
import dev.staffetta.relay.RelayQueueCommand.Idle;
import dev.staffetta.relay.RelayQueueCommand.NoWay;
import dev.staffetta.relay.RelayQueueCommand.Ready;
import dev.staffetta.relay.RelayQueueCommand.Sent;
import dev.staffetta.smtp.client.RemoteReply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections to destinations: gives them what is ready, and writes what becomes of it. */
final class QueueConnections {
  private static final Logger log = LoggerFactory.getLogger(QueueConnections.class);
  private static final Duration CROWDED_PAUSE = Duration.ofMillis(250);

  private final QueueWork work;
  private final Destinations destinations;
  private final DueReports reports;

  QueueConnections(QueueWork work, Destinations destinations, DueReports reports) {
    this.work = work;
    this.destinations = destinations;
    this.reports = reports;
  }

  /** Opens connections for what is ready; whether there is a new one. */
  boolean connect(Destination to) {
    if (to.rate.waitMillis(work.millis()) > 0) {
      return false;
    }
    int most =
        to.failures > 0 ? 1 : work.means().delivery().settings().of(to.name).connectionsToHosts();
    boolean connected = false;
    int free = to.connections.size() - to.sending.size();
    while (free < to.ready.size() && to.connections.size() < most) {
      Destination.Connection connection =
          new Destination.Connection(to.standing(), to.ready.peek().mail().options().requiresTls());
      if (!work.means().delivery().limits().take(connection.standing())) {
        return connected;
      }
      ActorRef<Delivery.Command> actor =
          work.context()
              .spawnAnonymous(
                  Delivery.create(
                      to.name,
                      connection.requiresTls(),
                      work.owner(),
                      work.means().delivery(),
                      work.context().getSelf()));
      // It is not restarted: its end is an attempt in vain, and a fresh one starts when it is time.
      work.context().watchWith(actor, new Ended(to.name, actor));
      to.connections.put(actor, connection);
      free++;
      connected = true;
    }
    return connected;
  }

  void onReady(Ready ready) {
    give(destinations.get(ready.destination()), ready.connection());
    destinations.pumpSoon();
  }

  void serveIdle(Destination to) {
    for (ActorRef<Delivery.Command> connection : List.copyOf(to.idle)) {
      if (to.ready.isEmpty() || to.rate.waitMillis(work.millis()) > 0) {
        return;
      }
      to.idle.remove(connection);
      give(to, connection);
    }
  }

  private void give(Destination to, ActorRef<Delivery.Command> connection) {
    Destination.Connection kind = to.connections.get(connection);
    if (kind == null) {
      return;
    }
    if (to.ready.isEmpty() || to.rate.waitMillis(work.millis()) > 0) {
      to.idle.add(connection);
      return;
    }
    Optional<QueueItem> next =
        to.ready.stream()
            .filter(item -> kind.requiresTls() || !item.mail().options().requiresTls())
            .findFirst();
    if (next.isEmpty()) {
      connection.tell(new Delivery.Close());
      return;
    }
    to.rate.take(work.millis());
    to.ready.remove(next.get());
    to.sending.put(connection, next.get());
    connection.tell(new Delivery.Send(next.get()));
  }

  void onSent(Sent sent) {
    Destination to = destinations.get(sent.destination());
    AttemptedSend attempt = sent.attempt();
    Instant now = work.now();
    QueueItem before = attempt.item();
    to.sending.remove(sent.connection());
    attempt
        .outcomes()
        .forEach(
            outcome ->
                log.info(
                    "{}: {} to {} at {} ({}), attempt {}: {} {}",
                    before.content(),
                    before.id(),
                    outcome.recipient(),
                    attempt.host(),
                    attempt.tls().isEmpty() ? "plain" : attempt.tls(),
                    before.failures() + 1,
                    outcome.result(),
                    outcome.reply()));
    if (attempt.isConnectionAtFault()) {
      to.failed(now.toEpochMilli(), work.progress());
    } else if (to.works()) {
      log.info("{}: {} works", work.id(), to.name);
    }
    reports.change(
        before,
        work.progress().after(attempt, now),
        () -> {
          work.meters().recorded(attempt);
          if (!sent.isLast()) {
            give(to, sent.connection());
          }
          destinations.pumpSoon();
        });
  }

  void onIdle(Idle idle) {
    if (destinations.get(idle.destination()).idle.remove(idle.connection())) {
      idle.connection().tell(new Delivery.Close());
    }
  }

  void onNoWay(NoWay no) {
    Destination to = destinations.get(no.destination());
    String by = no.host().isEmpty() ? "" : " by " + no.host();
    log.info("{}: no way to {}{}: {}", work.id(), to.name, by, no.reply());
    Instant now = work.now();
    if (no.requiresTls()) {
      List<QueueItem> those =
          to.ready.stream().filter(item -> item.mail().options().requiresTls()).toList();
      to.ready.removeAll(those);
      // It takes other mail, for all that is known.
      those.forEach(item -> putOff(item, no, false));
      return;
    }
    if (no.reply().isTemporary()) {
      to.failed(now.toEpochMilli(), work.progress());
    }
    to.failure = Optional.of(no);
    to.loadedTo = Optional.empty();
    List<QueueItem> those = List.copyOf(to.ready);
    to.ready.clear();
    those.forEach(item -> putOff(item, no, true));
    // Page by page all that is due is put off, or given up.
    to.nextDueMillis = Math.min(to.nextDueMillis, now.toEpochMilli());
    destinations.pumpSoon();
  }

  void putOff(QueueItem item, NoWay no, boolean isDestinationAtFault) {
    reports.change(
        item,
        work.progress().failed(item, no.reply(), no.host(), isDestinationAtFault, work.now()),
        () -> {});
  }

  void onCrowded(Crowded crowded) {
    destinations.get(crowded.destination()).restsUntilMillis =
        work.millis() + CROWDED_PAUSE.toMillis();
  }

  void onEnded(Ended ended) {
    Destination to = destinations.get(ended.destination());
    to.idle.remove(ended.connection());
    Destination.Connection connection = to.connections.remove(ended.connection());
    if (connection != null) {
      work.means().delivery().limits().giveBack(connection.standing());
    }
    QueueItem lost = to.sending.remove(ended.connection());
    if (lost != null) {
      log.warn("{}: the delivery of {} ended without a result", lost.content(), lost.id());
      reports.change(
          lost,
          work.progress()
              .failed(
                  lost,
                  new RemoteReply(0, "4.3.0", "the delivery ended without a result"),
                  "",
                  false,
                  work.now()),
          () -> {});
    }
    destinations.pumpSoon();
  }
}
