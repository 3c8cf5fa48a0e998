package dev.staffetta.ports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The messages of a mailbox, ascending by UID. Immutable: a change gives a new table that shares
 * every {@link MessageSegment} which it did not touch, so a change costs one segment, not the
 * mailbox.
 *
 * <p>Sequence numbers count from 1 (RFC 9051 2.3.1.2) and are this table's: a session that has not
 * yet told its client of a change goes on with the table from before.
 */
public final class MessageTable {
  /** No messages. */
  public static final MessageTable EMPTY = new MessageTable(new MessageSegment[0]);

  private final MessageSegment[] segments;

  /** starts[i]: how many messages lie before segment i; the last entry is the size. */
  private final int[] starts;

  private MessageTable(MessageSegment[] segments) {
    this.segments = segments;
    this.starts = new int[segments.length + 1];
    for (int i = 0; i < segments.length; i++) {
      starts[i + 1] = starts[i] + segments[i].size();
    }
  }

  /** The table of these segments, ascending. */
  public static MessageTable ofSegments(List<MessageSegment> segments) {
    for (int i = 1; i < segments.size(); i++) {
      if (segments.get(i).firstUid() <= segments.get(i - 1).lastUid()) {
        throw new IllegalArgumentException("segment " + i + " does not follow the one before it");
      }
    }
    return new MessageTable(segments.toArray(MessageSegment[]::new));
  }

  /** The table of these messages, ascending by UID. */
  public static MessageTable of(List<Message> messages) {
    return EMPTY.append(messages);
  }

  /** Its segments, ascending. */
  public List<MessageSegment> segments() {
    return List.of(segments);
  }

  /** How many messages. */
  public int size() {
    return starts[segments.length];
  }

  public boolean isEmpty() {
    return segments.length == 0;
  }

  /** The message with this sequence number, from 1 to {@link #size()}. */
  public Message get(int sequenceNumber) {
    int segment = segmentOf(sequenceNumber);
    return segments[segment].get(sequenceNumber - 1 - starts[segment]);
  }

  /** The UID of a sequence number. */
  public long uid(int sequenceNumber) {
    int segment = segmentOf(sequenceNumber);
    return segments[segment].uid(sequenceNumber - 1 - starts[segment]);
  }

  /** The message with this UID. */
  public Optional<Message> find(long uid) {
    int number = sequenceNumber(uid);
    return number == 0 ? Optional.empty() : Optional.of(get(number));
  }

  /** The sequence number of a UID; 0 when no message has it. */
  public int sequenceNumber(long uid) {
    int segment = segmentWith(uid);
    if (segment == segments.length) {
      return 0;
    }
    int index = segments[segment].indexOf(uid);
    return index < 0 ? 0 : starts[segment] + index + 1;
  }

  /** How many messages have a UID lower than {@code uid}. */
  public int countBelow(long uid) {
    int segment = segmentWith(uid);
    if (segment == segments.length) {
      return size();
    }
    int index = segments[segment].indexOf(uid);
    return starts[segment] + (index < 0 ? -index - 1 : index);
  }

  /** All messages, ascending. */
  public Stream<Message> stream() {
    return IntStream.rangeClosed(1, size()).mapToObj(this::get);
  }

  /** Those messages whose UID is in the set, ascending. */
  public Stream<Message> stream(UidSet uids) {
    return sequenceNumbers(uids).mapToObj(this::get);
  }

  /** The sequence numbers of those messages whose UID is in the set, ascending. */
  public IntStream sequenceNumbers(UidSet uids) {
    return uids.ranges().stream()
        .flatMapToInt(
            range ->
                IntStream.rangeClosed(countBelow(range.first()) + 1, countBelow(range.last() + 1)));
  }

  /** Those UIDs of the set that exist here. */
  public UidSet existing(UidSet uids) {
    return UidSet.ofAscending(sequenceNumbers(uids).mapToLong(this::uid));
  }

  /** How many messages have a UID of the set. */
  public int countIn(UidSet uids) {
    int count = 0;
    for (UidSet.Range range : uids.ranges()) {
      count += countBelow(range.last() + 1) - countBelow(range.first());
    }
    return count;
  }

  /** The UIDs of messages that have all of these flag bits, ascending. */
  public LongStream uidsWithFlags(long flags) {
    return Arrays.stream(segments)
        .flatMapToLong(
            s ->
                IntStream.range(0, s.size())
                    .filter(i -> (s.flags(i) & flags) == flags)
                    .mapToLong(s::uid));
  }

  /** How many messages lack all of these flag bits. */
  public int countWithout(long flags) {
    int count = 0;
    for (MessageSegment s : segments) {
      for (int i = 0; i < s.size(); i++) {
        if ((s.flags(i) & flags) == 0) {
          count++;
        }
      }
    }
    return count;
  }

  /** The sequence number of the first message that lacks all of these flag bits; 0: none does. */
  public int firstWithout(long flags) {
    for (int segment = 0; segment < segments.length; segment++) {
      for (int i = 0; i < segments[segment].size(); i++) {
        if ((segments[segment].flags(i) & flags) == 0) {
          return starts[segment] + i + 1;
        }
      }
    }
    return 0;
  }

  /** The sum of all sizes, in bytes. */
  public long totalSize() {
    return stream().mapToLong(Message::size).sum();
  }

  /** This table and, behind it, messages with higher UIDs, ascending. */
  public MessageTable append(List<Message> messages) {
    if (messages.isEmpty()) {
      return this;
    }
    if (!isEmpty() && messages.get(0).uid() <= segments[segments.length - 1].lastUid()) {
      throw new IllegalArgumentException(
          "UID " + messages.get(0).uid() + " after " + segments[segments.length - 1].lastUid());
    }
    List<MessageSegment> result = new ArrayList<>(List.of(segments));
    int done = 0;
    if (!isEmpty() && segments[segments.length - 1].size() < MessageSegment.CAPACITY) {
      MessageSegment last = result.remove(result.size() - 1);
      done = Math.min(MessageSegment.CAPACITY - last.size(), messages.size());
      result.add(last.append(messages.subList(0, done)));
    }
    while (done < messages.size()) {
      int end = Math.min(done + MessageSegment.CAPACITY, messages.size());
      result.add(MessageSegment.of(messages.subList(done, end)));
      done = end;
    }
    return new MessageTable(result.toArray(MessageSegment[]::new));
  }

  /**
   * This table with flags and modseqs of these rows, ascending by UID; rows whose UID is not here
   * are left out.
   */
  public MessageTable withFlags(List<Message> rows) {
    if (rows.isEmpty()) {
      return this;
    }
    MessageSegment[] result = segments.clone();
    int k = 0;
    while (k < rows.size()) {
      int segment = segmentWith(rows.get(k).uid());
      if (segment == segments.length) {
        break;
      }
      long last = segments[segment].lastUid();
      int end = k;
      while (end < rows.size() && rows.get(end).uid() <= last) {
        end++;
      }
      MessageSegment old = segments[segment];
      List<Message> present =
          rows.subList(k, end).stream().filter(m -> old.indexOf(m.uid()) >= 0).toList();
      if (!present.isEmpty()) {
        result[segment] =
            old.withFlags(
                present.stream().mapToInt(m -> old.indexOf(m.uid())).toArray(),
                present.stream().mapToLong(Message::flags).toArray(),
                present.stream().mapToLong(Message::modseq).toArray());
      }
      k = end;
    }
    return new MessageTable(result);
  }

  /** This table without these UIDs. Segments that become small are joined with a neighbour. */
  public MessageTable without(UidSet uids) {
    if (uids.isEmpty()) {
      return this;
    }
    List<MessageSegment> result = new ArrayList<>(segments.length);
    for (MessageSegment segment : segments) {
      MessageSegment rest = without(segment, uids);
      if (rest == null) {
        continue;
      }
      int last = result.size() - 1;
      if (last >= 0
          && (rest != segment || result.get(last).size() < MessageSegment.CAPACITY / 4)
          && result.get(last).size() + rest.size() <= MessageSegment.CAPACITY / 2) {
        List<Message> joined = new ArrayList<>(rows(result.get(last)));
        joined.addAll(rows(rest));
        result.set(last, MessageSegment.of(joined));
      } else {
        result.add(rest);
      }
    }
    return new MessageTable(result.toArray(MessageSegment[]::new));
  }

  private static MessageSegment without(MessageSegment segment, UidSet uids) {
    if (!uids.intersects(segment.firstUid(), segment.lastUid())) {
      return segment;
    }
    List<Message> kept = new ArrayList<>(segment.size());
    for (int i = 0; i < segment.size(); i++) {
      if (!uids.contains(segment.uid(i))) {
        kept.add(segment.get(i));
      }
    }
    if (kept.size() == segment.size()) {
      return segment;
    }
    return kept.isEmpty() ? null : MessageSegment.of(kept);
  }

  private static List<Message> rows(MessageSegment segment) {
    return IntStream.range(0, segment.size()).mapToObj(segment::get).toList();
  }

  private int segmentOf(int sequenceNumber) {
    if (sequenceNumber < 1 || sequenceNumber > size()) {
      throw new IndexOutOfBoundsException("sequence number " + sequenceNumber + " of " + size());
    }
    int found = Arrays.binarySearch(starts, sequenceNumber - 1);
    return found >= 0 ? found : -found - 2;
  }

  /**
   * The first segment whose last UID is not below {@code uid}; the number of segments when there is
   * none.
   */
  private int segmentWith(long uid) {
    int low = 0;
    int high = segments.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (segments[middle].lastUid() < uid) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The UIDs, ascending. */
  public PrimitiveIterator.OfLong uids() {
    return IntStream.rangeClosed(1, size()).mapToLong(this::uid).iterator();
  }
}
