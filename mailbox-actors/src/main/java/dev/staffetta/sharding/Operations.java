package dev.staffetta.sharding;

import dev.staffetta.ports.ContentId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The commands that an entity carried out last and that must not be carried out twice, by their
 * ids: one that is sent again, since its answer was lost, is answered as the first was. Immutable,
 * bounded.
 *
 * @param <A> what is needed to answer a command again
 * @param capacity commands remembered
 * @param entries oldest first
 */
public record Operations<A>(int capacity, List<Entry<A>> entries) {
  /** Commands remembered where there are few: whoever sends one again does so within seconds. */
  public static final int FEW = 64;

  /** One command. */
  public record Entry<A>(ContentId operation, A answer) {}

  public Operations {
    entries = List.copyOf(entries);
  }

  /** Nothing was carried out yet. */
  public static <A> Operations<A> none(int capacity) {
    return new Operations<>(capacity, List.of());
  }

  /** What a command was answered. */
  public Optional<A> find(ContentId operation) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).operation().equals(operation)) {
        return Optional.of(entries.get(i).answer());
      }
    }
    return Optional.empty();
  }

  /** With one more; the oldest is forgotten. */
  public Operations<A> plus(ContentId operation, A answer) {
    List<Entry<A>> result = new ArrayList<>(entries);
    result.add(new Entry<>(operation, answer));
    return new Operations<>(
        capacity, result.subList(Math.max(0, result.size() - capacity), result.size()));
  }
}
