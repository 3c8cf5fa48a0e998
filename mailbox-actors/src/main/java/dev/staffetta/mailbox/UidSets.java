package dev.staffetta.mailbox;

import dev.staffetta.ports.UidSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Arithmetic of UID sets: everything goes over ranges, so {@code 1:4294967295} costs one step. */
final class UidSets {
  /** Every UID there can be (RFC 9051 9, nz-number). */
  static final UidSet ALL = new UidSet(List.of(new UidSet.Range(1, 0xFFFF_FFFFL)));

  /** In one message. */
  static final int MAX_RANGES = 100_000;

  /** In one copy, which is all or none: what still fits a message. */
  static final int MAX_COPIED_RANGES = 200_000;

  private UidSets() {}

  /** What is in any of the sets. */
  static UidSet union(List<UidSet> sets) {
    if (sets.size() == 1) {
      return sets.get(0);
    }
    List<UidSet.Range> all =
        sets.stream()
            .flatMap(set -> set.ranges().stream())
            .sorted(Comparator.comparingLong(UidSet.Range::first))
            .toList();
    List<UidSet.Range> merged = new ArrayList<>();
    for (UidSet.Range range : all) {
      int last = merged.size() - 1;
      if (last >= 0 && range.first() <= merged.get(last).last() + 1) {
        UidSet.Range before = merged.get(last);
        merged.set(last, new UidSet.Range(before.first(), Math.max(before.last(), range.last())));
      } else {
        merged.add(range);
      }
    }
    return new UidSet(merged);
  }

  /** The UIDs of {@code uids} above {@code uid}. */
  static UidSet above(UidSet uids, long uid) {
    List<UidSet.Range> ranges = new ArrayList<>();
    for (UidSet.Range range : uids.ranges()) {
      if (range.last() > uid) {
        ranges.add(new UidSet.Range(Math.max(range.first(), uid + 1), range.last()));
      }
    }
    return new UidSet(ranges);
  }

  /**
   * The first part of a set that fits one message between nodes; the whole set, if that does. A
   * range takes some 2 to 6 bytes.
   */
  static UidSet first(UidSet uids) {
    return uids.ranges().size() <= MAX_RANGES
        ? uids
        : new UidSet(uids.ranges().subList(0, MAX_RANGES));
  }

  /** What is behind the first part of a set; nothing, if that is the whole. */
  static UidSet without(UidSet uids, UidSet first) {
    return new UidSet(uids.ranges().subList(first.ranges().size(), uids.ranges().size()));
  }

  /** The highest UID of a set that is not empty. */
  static long last(UidSet uids) {
    return uids.ranges().get(uids.ranges().size() - 1).last();
  }
}
