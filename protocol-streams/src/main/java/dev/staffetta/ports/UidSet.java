package dev.staffetta.ports;

import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;

/**
 * A set of UIDs as ranges.
 *
 * @param ranges ascending, disjoint, not touching
 */
public record UidSet(List<Range> ranges) {
  /** Nothing. */
  public static final UidSet EMPTY = new UidSet(List.of());

  /** Both ends belong to it; {@code first <= last}. */
  public record Range(long first, long last) {
    public Range {
      if (first > last) {
        throw new IllegalArgumentException("range " + first + ":" + last + " runs backwards");
      }
    }
  }

  public UidSet {
    ranges = List.copyOf(ranges);
    for (int i = 1; i < ranges.size(); i++) {
      if (ranges.get(i).first() <= ranges.get(i - 1).last() + 1) {
        throw new IllegalArgumentException("ranges not ascending and merged: " + ranges);
      }
    }
  }

  /** The set of these UIDs, given in ascending order. */
  public static UidSet ofAscending(LongStream uids) {
    List<Range> ranges = new ArrayList<>();
    PrimitiveIterator.OfLong it = uids.iterator();
    long first = 0;
    long last = -1;
    boolean open = false;
    while (it.hasNext()) {
      long uid = it.nextLong();
      if (open && uid <= last + 1) {
        last = Math.max(last, uid);
        continue;
      }
      if (open) {
        ranges.add(new Range(first, last));
      }
      first = uid;
      last = uid;
      open = true;
    }
    if (open) {
      ranges.add(new Range(first, last));
    }
    return new UidSet(ranges);
  }

  /** The set of these UIDs, in any order. */
  public static UidSet of(long... uids) {
    return ofAscending(LongStream.of(uids).sorted().distinct());
  }

  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Whether it holds this UID. */
  public boolean contains(long uid) {
    int low = 0;
    int high = ranges.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Range range = ranges.get(middle);
      if (uid < range.first()) {
        high = middle - 1;
      } else if (uid > range.last()) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /** Whether it holds any UID from {@code first} to {@code last}, both included. */
  public boolean intersects(long first, long last) {
    int low = 0;
    int high = ranges.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ranges.get(middle).last() < first) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < ranges.size() && ranges.get(low).first() <= last;
  }

  /** How many UIDs. */
  public long size() {
    return ranges.stream().mapToLong(r -> r.last() - r.first() + 1).sum();
  }

  /** Its UIDs, ascending. */
  public LongStream stream() {
    return ranges.stream().flatMapToLong(r -> LongStream.rangeClosed(r.first(), r.last()));
  }

  /** As a uid-set of RFC 9051 9: {@code 1:3,7}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Range range : ranges) {
      text.append(text.isEmpty() ? "" : ",").append(range.first());
      if (range.last() > range.first()) {
        text.append(':').append(range.last());
      }
    }
    return text.toString();
  }
}
