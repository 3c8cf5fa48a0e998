package dev.staffetta.relay.route;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.xbill.DNS.Name;

/** Answers for as long as they hold; the one that nobody asked for longest goes first. */
final class DnsCache {
  private final Map<Question, Kept> kept;
  private final LongSupplier nanoTime;

  /** A name and a type. */
  record Question(Name name, int type) {}

  private record Kept(DnsAnswer answer, long untilNanos) {}

  DnsCache(int size, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Question, Kept> eldest) {
            return size() > size;
          }
        };
  }

  synchronized Optional<DnsAnswer> find(Question question) {
    Kept answer = kept.get(question);
    if (answer == null) {
      return Optional.empty();
    }
    if (answer.untilNanos() - nanoTime.getAsLong() <= 0) {
      kept.remove(question);
      return Optional.empty();
    }
    return Optional.of(answer.answer());
  }

  synchronized void keep(Question question, DnsAnswer answer, Duration time) {
    kept.put(question, new Kept(answer, nanoTime.getAsLong() + time.toNanos()));
  }

  synchronized int size() {
    return kept.size();
  }
}
