package dev.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.config.RelayScheduleSettings;
import dev.staffetta.config.RelayScheduleSettings.Pauses;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.smtp.client.RemoteReply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  private static final RemoteReply REFUSED = new RemoteReply(0, "4.4.1", "refused");

  private static RelayScheduleSettings settings(long first, long last) {
    return new RelayScheduleSettings(
        Duration.ofSeconds(15),
        new Pauses(
            Duration.ofMillis(first),
            Duration.ofMillis(last),
            Duration.ofHours(4),
            Duration.ofDays(5)),
        Map.of(
            ".slow.example",
            new Pauses(
                Duration.ofHours(1),
                Duration.ofHours(2),
                Duration.ofHours(1),
                Duration.ofHours(3))),
        7);
  }

  private static RelayScheduleSettings usual() {
    return settings(Duration.ofMinutes(5).toMillis(), Duration.ofHours(4).toMillis());
  }

  @Property
  void pausesGrowToTheLast(
      @ForAll @LongRange(min = 1, max = 1L << 40) long first,
      @ForAll @LongRange(min = 0, max = 1L << 40) long more,
      @ForAll @IntRange(min = 1, max = 1000) int failures) {
    Schedule schedule = new Schedule(settings(first, first + more));
    Duration pause = schedule.pause("a.example", failures, () -> 0.5);
    Duration next = schedule.pause("a.example", failures + 1, () -> 0.5);
    // To the millisecond that rounding may take.
    assertThat(pause.toMillis()).isBetween(first - 1, first + more);
    assertThat(next).isGreaterThanOrEqualTo(pause);
    assertThat(next.toMillis()).isLessThanOrEqualTo(pause.toMillis() * 2 + 2);
    assertThat(schedule.rest("a.example", failures, () -> 0.5)).isLessThanOrEqualTo(pause);
  }

  @Property
  void chanceChangesAPauseByATenthAtMost(
      @ForAll @IntRange(min = 1, max = 100) int failures,
      @ForAll @DoubleRange(min = 0, max = 1) double random) {
    Schedule schedule = new Schedule(usual());
    long middle = schedule.pause("a.example", failures, () -> 0.5).toMillis();
    assertThat(schedule.pause("a.example", failures, () -> random).toMillis())
        .isBetween((long) (middle * 0.9) - 1, (long) (middle * 1.1) + 1);
  }

  @Property
  void aMessageIsTriedAtTheEndForTheLastTime(
      @ForAll @IntRange(min = 1, max = 100) int failures,
      @ForAll @LongRange(min = 0, max = 431_999_999) long afterMillis,
      @ForAll @DoubleRange(min = 0, max = 1) double random) {
    Schedule schedule = new Schedule(usual());
    Instant now = NOW.plusMillis(afterMillis);
    assertThat(schedule.next("a.example", failures, NOW, now, () -> random))
        .isAfter(now)
        .isBeforeOrEqualTo(schedule.end("a.example", NOW));
  }

  @Property(tries = 200)
  void aSenderIsWarnedOnceAndToldOfTheEnd(@ForAll long seed) {
    RelayProgress progress = new RelayProgress(usual(), new Random(seed)::nextDouble);
    QueueItem item = item("a.example");
    int warnings = 0;
    int attempts = 0;
    while (!item.waiting().isEmpty()) {
      Instant now = item.nextAttempt();
      item = progress.failed(item, REFUSED, "mx", true, now);
      attempts++;
      warnings += count(item, RecipientState.Told.DELAY);
      if (!item.waiting().isEmpty()) {
        assertThat(item.nextAttempt()).isAfter(now);
        item = item.withRecipients(r -> r.told(RecipientState.Told.NOTHING));
      }
    }
    assertThat(warnings).isEqualTo(1);
    assertThat(count(item, RecipientState.Told.FAILURE)).isEqualTo(1);
    assertThat(item.recipients().get(0).lastAttempt()).isEqualTo(NOW.plus(Duration.ofDays(5)));
    assertThat(attempts).isBetween(30, 50);
  }

  @Test
  void aDestinationMayHaveAScheduleOfItsOwn() {
    Schedule schedule = new Schedule(usual());
    assertThat(schedule.pause("mx.slow.example", 1, () -> 0.5)).isEqualTo(Duration.ofHours(1));
    assertThat(schedule.end("mx.slow.example", NOW)).isEqualTo(NOW.plus(Duration.ofHours(3)));
    assertThat(schedule.isLate("mx.slow.example", NOW, NOW.plus(Duration.ofHours(1)))).isTrue();
    assertThat(schedule.isLate("a.example", NOW, NOW.plus(Duration.ofHours(1)))).isFalse();
  }

  @Test
  void whatOnlyLooksWhetherADestinationIsBackKeepsItsTime() {
    RelayProgress progress = new RelayProgress(usual(), () -> 0.5);
    QueueItem item = progress.failed(item("a.example"), REFUSED, "mx", true, NOW);
    assertThat(item.waitsForDestination()).isTrue();
    QueueItem after = progress.failed(item, REFUSED, "mx", true, NOW.plusSeconds(15));
    assertThat(after.nextAttempt()).isEqualTo(item.nextAttempt());
    assertThat(after.failures()).isEqualTo(1);
    assertThat(after.attempts()).hasSize(2);
  }

  @Property
  void noMoreIsSentThanTheRateAllows(
      @ForAll @IntRange(min = 1, max = 6000) int messagesAMinute, @ForAll long seed) {
    SendingRate rate = new SendingRate(messagesAMinute);
    Random random = new Random(seed);
    long start = NOW.toEpochMilli();
    long end = start + 60_000;
    int sent = 0;
    for (long now = start; now < end; ) {
      long wait = rate.waitMillis(now);
      if (wait > 0) {
        now += wait;
        assertThat(rate.waitMillis(now)).as("after the wait").isZero();
      } else {
        rate.take(now);
        sent++;
        now += random.nextInt(10) == 0 ? random.nextInt(3000) : 0;
      }
    }
    // A minute's worth, ten seconds' worth at the start, and one for the rounding.
    assertThat(sent).isBetween(1, messagesAMinute + messagesAMinute / 6 + 2);
  }

  @Test
  void withoutARateNothingWaits() {
    SendingRate rate = new SendingRate(0);
    for (int i = 0; i < 1000; i++) {
      rate.take(0);
    }
    assertThat(rate.waitMillis(0)).isZero();
    assertThat(rate.isFresh(0)).isTrue();
  }

  private static int count(QueueItem item, RecipientState.Told told) {
    return (int) item.recipients().stream().filter(r -> r.due() == told).count();
  }

  private static QueueItem item(String destination) {
    return QueueItem.accepted(
        new ContentId(1, 2),
        10,
        "<m@example.com>",
        new Outbound(
            destination,
            Optional.of(new MailAddress("alice", "example.com")),
            List.of(new MailAddress("bob", destination)),
            EnvelopeOptions.NONE,
            NOW));
  }
}
