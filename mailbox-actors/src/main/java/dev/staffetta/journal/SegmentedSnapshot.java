package dev.staffetta.journal;

import java.util.List;

/**
 * A snapshot in segments, of which only those are written that no snapshot of the entity has yet:
 * its cost follows what changed, not the size of the whole.
 *
 * <p>Segments are told apart by identity: a segment that is the same object as one of the last
 * saved or loaded snapshot is taken to be unchanged. So they must be immutable, and states should
 * share those that did not change. A segment and the root are each serialised by Pekko's serializer
 * for their class.
 */
public interface SegmentedSnapshot {
  /** All that is not in the segments. */
  Root root();

  /** The segments, in order. */
  List<?> segments();

  /** What is left of a snapshot without its segments. */
  interface Root {
    /**
     * The snapshot again, as the entity is to get it.
     *
     * @param segments in the order in which they were saved
     */
    Object withSegments(List<Object> segments);
  }
}
