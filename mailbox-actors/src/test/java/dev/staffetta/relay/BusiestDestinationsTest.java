package dev.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BusiestDestinationsTest {
  private static final int MOST = 3;

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final BusiestDestinations busiest = new BusiestDestinations(registry, MOST);

  private void deliver(String destination, int times) {
    for (int i = 0; i < times; i++) {
      busiest.of(destination).delivered();
    }
  }

  private double delivered(String destination) {
    return registry
        .get("staffetta.relay.destination.recipients")
        .tags("destination", destination, "result", "delivered")
        .counter()
        .count();
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>();
    registry.find("staffetta.relay.destination.recipients").counters().stream()
        .map(counter -> counter.getId().getTag("destination"))
        .forEach(names::add);
    return names;
  }

  @Test
  void theFirstHaveTheirOwnAtOnceAndTheRestAreOne() {
    for (String name : new String[] {"a", "b", "c", "d", "e"}) {
      deliver(name, 2);
    }
    assertThat(names()).containsExactly(BusiestDestinations.OTHERS, "a", "b", "c");
    assertThat(delivered("a")).isEqualTo(2);
    assertThat(delivered(BusiestDestinations.OTHERS)).isEqualTo(4);
  }

  @Test
  void oneThatBecomesBusyTakesThePlaceOfTheIdlest() {
    deliver("a", 50);
    deliver("b", 40);
    deliver("c", 5);
    DestinationTally kept = busiest.of("d");
    deliver("d", 30);
    busiest.review();
    assertThat(names()).containsExactly(BusiestDestinations.OTHERS, "a", "b", "d");
    kept.delivered();
    assertThat(delivered("d")).as("since it has its own").isEqualTo(1);
    assertThat(delivered(BusiestDestinations.OTHERS)).as("never falls").isEqualTo(30);
    busiest.of("c").delivered();
    assertThat(delivered(BusiestDestinations.OTHERS)).isEqualTo(31);
  }

  @Test
  void oneThatIsAsBusyDoesNotTakeTurns() {
    deliver("a", 10);
    deliver("b", 10);
    deliver("c", 10);
    deliver("d", 15);
    busiest.review();
    assertThat(names()).containsExactly(BusiestDestinations.OTHERS, "a", "b", "c");
  }

  @Test
  void whoIsSilentForLongIsForgottenAndFoundAnew() {
    for (String name : new String[] {"a", "b", "c", "d"}) {
      deliver(name, 1);
    }
    DestinationTally of = busiest.of("d");
    for (int i = 0; i < 100; i++) {
      busiest.review();
    }
    assertThat(of.isStale()).isTrue();
    assertThat(busiest.of("d")).isNotSameAs(of);
    assertThat(busiest.of("a").isStale()).as("it has its own counters").isFalse();
  }

  @Test
  void whatThereAreFarTooManyOfIsOne() {
    for (int i = 0; i < 20_000; i++) {
      deliver("d" + i + ".example", 1);
    }
    assertThat(names()).hasSize(MOST + 1);
    assertThat(busiest.of("d19999.example").destination).isEqualTo(BusiestDestinations.OTHERS);
    assertThat(busiest.of("d19999.example").isStale()).as("it is asked for again").isTrue();
  }

  /** What is lost with a series is what it had; nothing is counted twice, or in none. */
  @Property(tries = 200)
  void everyAttemptIsCountedOnce(@ForAll long seed) {
    Random random = new Random(seed);
    MeterRegistry own = new SimpleMeterRegistry();
    BusiestDestinations all = new BusiestDestinations(own, MOST);
    Map<String, Double> last = new HashMap<>();
    double counted = 0;
    int done = 0;
    for (int i = 0; i < 300; i++) {
      if (random.nextInt(20) == 0) {
        all.review();
      } else {
        all.of("d" + (int) Math.abs(random.nextGaussian() * 4)).delivered();
        done++;
      }
      Map<String, Double> now = new HashMap<>();
      for (Counter counter :
          own.find("staffetta.relay.destination.recipients")
              .tag("result", "delivered")
              .counters()) {
        String name = counter.getId().getTag("destination");
        now.put(name, counter.count());
        double grown = counter.count() - last.getOrDefault(name, 0.0);
        assertThat(grown).as("%s of seed %d", name, seed).isNotNegative();
        counted += grown;
      }
      last = now;
    }
    assertThat(counted).isEqualTo(done);
  }
}
