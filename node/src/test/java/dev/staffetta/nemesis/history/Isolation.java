package dev.staffetta.nemesis.history;

import java.util.Set;

/**
 * A time during which some nodes, fewer than half, reached none of the others.
 *
 * @param isForgotten whether all that was on its way when the links came back had been thrown away,
 *     so that nothing that had failed before can happen later
 */
public record Isolation(Set<String> nodes, Span span, boolean isForgotten) {
  /** What is on its way when links are cut may still arrive. */
  private static final long MARGIN_NANOS = 500_000_000L;

  public Isolation {
    nodes = Set.copyOf(nodes);
  }

  /** Whether all of this was done on the side that was cut off. */
  public boolean holds(Attempt attempt) {
    return nodes.contains(attempt.node())
        && attempt.span().began() > span.began() + MARGIN_NANOS
        && attempt.span().ended() < span.ended() - MARGIN_NANOS;
  }
}
