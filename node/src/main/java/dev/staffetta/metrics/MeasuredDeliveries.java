package dev.staffetta.metrics;

import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpooledMessage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;

/** Measures how the messages that come over SMTP are placed. */
public final class MeasuredDeliveries implements Deliveries {
  private static final long[] BUCKETS_MILLIS = {
    5, 10, 20, 50, 100, 250, 500, 1000, 2500, 10_000, 30_000
  };

  private final Deliveries deliveries;
  private final Timer accepted;
  private final Timer refused;
  private final Timer failed;

  /** Over {@code deliveries}. */
  public MeasuredDeliveries(Deliveries deliveries, String service, MeterRegistry registry) {
    this.deliveries = deliveries;
    this.accepted = timer(registry, service, "accepted");
    this.refused = timer(registry, service, "refused");
    this.failed = timer(registry, service, "failed");
  }

  private static Timer timer(MeterRegistry registry, String service, String result) {
    return Timer.builder("staffetta.smtp.messages")
        .description("Messages received, by what came of them: from their end to the answer")
        .tag("service", service)
        .tag("result", result)
        .serviceLevelObjectives(
            LongStream.of(BUCKETS_MILLIS).mapToObj(Duration::ofMillis).toArray(Duration[]::new))
        .register(registry);
  }

  @Override
  public CompletionStage<Recipient> find(MailAddress recipient) {
    return deliveries.find(recipient);
  }

  @Override
  public boolean isRelaying() {
    return deliveries.isRelaying();
  }

  @Override
  public CompletionStage<Void> deliver(Envelope envelope, SpooledMessage message) {
    long begin = System.nanoTime();
    return deliveries
        .deliver(envelope, message)
        .whenComplete(
            (done, failure) ->
                (failure == null ? accepted : of(failure))
                    .record(Duration.ofNanos(System.nanoTime() - begin)));
  }

  private Timer of(Throwable failure) {
    return Refusal.of(failure).code() == Refusal.Code.UNAVAILABLE ? failed : refused;
  }
}
