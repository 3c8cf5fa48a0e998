package dev.staffetta.imap;

import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The set of messages a command names, by sequence number or UID.
 *
 * <p>{@code *} is the largest number in use; {@code 5:3} means the same as {@code 3:5} (RFC 9051 9,
 * seq-range). What {@code *} is, is known only when the command runs: until then it is {@link
 * #STAR}, larger than every number.
 *
 * @param ranges ascending, disjoint, merged
 */
public record SequenceSet(List<Range> ranges) {
  /** Stands for {@code *}. */
  public static final long STAR = Long.MAX_VALUE;

  private static final long LARGEST_NUMBER = 0xFFFF_FFFFL;

  /** Both ends belong to it, {@code first <= last}; either may be {@link SequenceSet#STAR}. */
  public record Range(long first, long last) {
    public Range {
      if (first < 1 || first > last) {
        throw new IllegalArgumentException("range " + first + ":" + last);
      }
    }
  }

  /** The set of these ranges in any order, which may overlap. */
  public SequenceSet {
    ranges = merged(ranges);
  }

  /** The set of one number. */
  public static SequenceSet of(long number) {
    return new SequenceSet(List.of(new Range(number, number)));
  }

  /** The set of the numbers between two, both included, in either order. */
  public static SequenceSet of(long one, long other) {
    return new SequenceSet(List.of(new Range(Math.min(one, other), Math.max(one, other))));
  }

  /** The set of these numbers. */
  public static SequenceSet of(UidSet numbers) {
    return new SequenceSet(
        numbers.ranges().stream().map(r -> new Range(r.first(), r.last())).toList());
  }

  /** Reads a sequence-set of RFC 9051 9 ({@code 2,4:7,9,12:*}); empty when it is not one. */
  public static Optional<SequenceSet> parse(String text) {
    List<Range> ranges = new ArrayList<>();
    int at = 0;
    while (true) {
      int end = text.indexOf(',', at);
      String part = text.substring(at, end < 0 ? text.length() : end);
      int colon = part.indexOf(':');
      long one = number(colon < 0 ? part : part.substring(0, colon));
      long other = colon < 0 ? one : number(part.substring(colon + 1));
      if (one == 0 || other == 0) {
        return Optional.empty();
      }
      ranges.add(new Range(Math.min(one, other), Math.max(one, other)));
      if (end < 0) {
        return Optional.of(new SequenceSet(ranges));
      }
      at = end + 1;
    }
  }

  /** A seq-number (RFC 9051 9); 0 when it is none. */
  private static long number(String text) {
    if (text.equals("*")) {
      return STAR;
    }
    if (text.isEmpty() || text.length() > 10 || text.charAt(0) == '0') {
      return 0;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return 0;
      }
      value = value * 10 + (digit - '0');
    }
    return value <= LARGEST_NUMBER ? value : 0;
  }

  private static List<Range> merged(List<Range> ranges) {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(Range::first));
    List<Range> result = new ArrayList<>();
    for (Range range : sorted) {
      Range before = result.isEmpty() ? null : result.get(result.size() - 1);
      if (before != null && (before.last() == STAR || range.first() <= before.last() + 1)) {
        result.set(
            result.size() - 1, new Range(before.first(), Math.max(before.last(), range.last())));
      } else {
        result.add(range);
      }
    }
    return List.copyOf(result);
  }

  /**
   * The numbers it names when {@code largest} is in use. {@code 7:*} always names the largest, even
   * when that is below 7 (RFC 9051 9, seq-range).
   *
   * @param largest 0: none is in use, so the set is empty
   */
  public UidSet resolve(long largest) {
    if (largest == 0) {
      return UidSet.EMPTY;
    }
    List<Range> known = new ArrayList<>();
    for (Range range : ranges) {
      if (range.last() != STAR) {
        known.add(range);
      } else {
        known.add(new Range(Math.min(range.first(), largest), largest));
      }
    }
    return new UidSet(
        merged(known).stream().map(r -> new UidSet.Range(r.first(), r.last())).toList());
  }

  /** Taken as UIDs: the set with {@code *} for the highest UID of the table. */
  public UidSet uids(MessageTable table) {
    return resolve(table.isEmpty() ? 0 : table.uid(table.size()));
  }

  /** Taken as UIDs: the sequence numbers of those that exist, ascending. */
  public IntStream sequenceNumbersOfUids(MessageTable table) {
    return table.sequenceNumbers(uids(table));
  }

  /** Taken as sequence numbers: those that exist, ascending. */
  public IntStream sequenceNumbers(MessageTable table) {
    return resolve(table.size()).ranges().stream()
        .filter(r -> r.first() <= table.size())
        .flatMapToInt(
            r -> IntStream.rangeClosed((int) r.first(), (int) Math.min(r.last(), table.size())));
  }

  /** Taken as sequence numbers: whether it names one that no message has. */
  public boolean exceeds(MessageTable table) {
    return ranges.stream()
        .anyMatch(
            r ->
                r.last() == STAR
                    ? table.isEmpty() || (r.first() != STAR && r.first() > table.size())
                    : r.last() > table.size());
  }

  /** As RFC 9051 9 writes it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Range range : ranges) {
      text.append(text.isEmpty() ? "" : ",").append(number(range.first()));
      if (range.last() > range.first()) {
        text.append(':').append(number(range.last()));
      }
    }
    return text.toString();
  }

  private static String number(long value) {
    return value == STAR ? "*" : Long.toString(value);
  }
}
