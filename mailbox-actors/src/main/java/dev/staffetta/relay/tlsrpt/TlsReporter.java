package dev.staffetta.relay.tlsrpt;

import dev.staffetta.config.RelayTlsSettings;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Signatures;
import dev.staffetta.smtp.client.MailTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node's results in a file, and sends the reports of the day before. The file is written
 * every few minutes and when the node stops in order; a node that is killed loses the minutes
 * since.
 */
public final class TlsReporter {
  private static final Logger LOG = LoggerFactory.getLogger(TlsReporter.class);

  private static final Duration SAVED_EVERY = Duration.ofMinutes(1);

  /** A node that is started often reports nevertheless. */
  private static final Duration FIRST_SENT_AFTER = Duration.ofMinutes(5);

  /** Also how soon a report is tried again. */
  private static final Duration SENT_EVERY = Duration.ofHours(1);

  /** RFC 8460 4.1. */
  private static final Duration MAX_DELAY = Duration.ofHours(4);

  private final TlsResults results;
  private final ResultsFile file;
  private final DailyReports reports;
  private final Executor blocking;

  private sealed interface Command {}

  private record Save() implements Command {}

  private record Send() implements Command {}

  private record Sent() implements Command {}

  /**
   * What it works with.
   *
   * @param file in the node's directory
   */
  public record Means(
      RelayTlsSettings.Report settings,
      TlsResults results,
      ReportWays ways,
      Deliveries deliveries,
      Signatures signatures,
      MailTransport transport,
      Path file,
      Clock clock) {}

  private TlsReporter(ActorSystem<?> system, Means means) {
    this.results = means.results();
    this.file = new ResultsFile(means.file());
    this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    long delay = ThreadLocalRandom.current().nextLong(MAX_DELAY.toMillis());
    this.reports =
        new DailyReports(
            means.settings(),
            means.results(),
            means.ways(),
            means.deliveries(),
            means.signatures(),
            new DirectMail(means.ways(), means.transport()),
            means.clock(),
            Duration.ofMillis(delay));
  }

  /** Starts it on a node, with what the node counted before. */
  public static void start(ActorSystem<?> system, Means means) {
    TlsReporter reporter = new TlsReporter(system, means);
    try {
      reporter.file.readInto(means.results());
    } catch (IOException e) {
      LOG.error("what was counted for TLS reports is lost, a new count begins", e);
    }
    system.systemActorOf(
        Behaviors.supervise(reporter.behavior()).onFailure(SupervisorStrategy.restart()),
        "tls-reporter",
        Props.empty());
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
            "save-tls-results",
            reporter::save);
  }

  private Behavior<Command> behavior() {
    return Behaviors.withTimers(
        timers -> {
          timers.startTimerWithFixedDelay(new Save(), SAVED_EVERY);
          timers.startTimerWithFixedDelay(new Send(), FIRST_SENT_AFTER, SENT_EVERY);
          return waiting();
        });
  }

  private Behavior<Command> waiting() {
    return Behaviors.receive(Command.class)
        .onMessage(Save.class, save -> saving(waiting()))
        .onMessage(
            Send.class,
            send ->
                Behaviors.setup(
                    context -> {
                      context.pipeToSelf(reports.sendDue(), (sent, failure) -> new Sent());
                      return sending();
                    }))
        .onMessage(Sent.class, sent -> Behaviors.same())
        .build();
  }

  private Behavior<Command> sending() {
    return Behaviors.receive(Command.class)
        .onMessage(Save.class, save -> saving(Behaviors.same()))
        .onMessage(Send.class, send -> Behaviors.same())
        .onMessage(Sent.class, sent -> saving(waiting()))
        .build();
  }

  private Behavior<Command> saving(Behavior<Command> next) {
    save();
    return next;
  }

  /** One at a time, and not on an actor's thread. */
  private CompletionStage<Done> save() {
    return CompletableFuture.supplyAsync(
        () -> {
          saveNow();
          return Done.getInstance();
        },
        blocking);
  }

  private synchronized void saveNow() {
    if (results.takeChanged()) {
      try {
        file.write(results);
      } catch (IOException e) {
        results.markChanged();
        LOG.warn("what was counted for TLS reports could not be written", e);
      }
    }
  }
}
