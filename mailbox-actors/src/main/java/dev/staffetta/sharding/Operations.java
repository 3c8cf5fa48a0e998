package dev.staffetta.sharding;

import dev.staffetta.ports.ContentId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The commands that an entity carried out last and that must not be carried out twice, by their
 * ids: one that is sent again, since its answer was lost, is answered as the first was. Immutable,
 * bounded.
 *
 * @param entries oldest first
 */
public record Operations(List<Entry> entries) {
  /** Commands remembered: whoever sends one again does so within seconds. */
  private static final int CAPACITY = 64;

  public static final Operations NONE = new Operations(List.of());

  /**
   * One command.
   *
   * @param answer what is needed to answer it again
   */
  public record Entry(ContentId operation, long answer) {}

  public Operations {
    entries = List.copyOf(entries);
  }

  /** What a command was answered. */
  public OptionalLong find(ContentId operation) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).operation().equals(operation)) {
        return OptionalLong.of(entries.get(i).answer());
      }
    }
    return OptionalLong.empty();
  }

  /** With one more; the oldest is forgotten. */
  public Operations plus(ContentId operation, long answer) {
    List<Entry> result = new ArrayList<>(entries);
    result.add(new Entry(operation, answer));
    return new Operations(result.subList(Math.max(0, result.size() - CAPACITY), result.size()));
  }
}
