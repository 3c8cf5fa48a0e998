package dev.staffetta.imap.session;

import dev.staffetta.ports.MessageSegment;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a mailbox's table differs from the one that a client knows. Segments that both tables share
 * are not looked into, so that it costs what changed and not what is there.
 */
final class TableChanges {
  private final int[] expunged;
  private final int[] changed;
  private final int added;

  private TableChanges(int[] expunged, int[] changed, int added) {
    this.expunged = expunged;
    this.changed = changed;
    this.added = added;
  }

  /** What happened between two tables of one mailbox. */
  static TableChanges between(MessageTable known, MessageTable now) {
    return between(known, now, UidSet.EMPTY);
  }

  /**
   * The same, where messages of a set count as changed whether they did or not.
   *
   * @param told UIDs
   */
  static TableChanges between(MessageTable known, MessageTable now, UidSet told) {
    if (known == now && told.isEmpty()) {
      return new TableChanges(new int[0], new int[0], 0);
    }
    IntStream.Builder expunged = IntStream.builder();
    IntStream.Builder changed = IntStream.builder();
    Rows old = new Rows(known);
    Rows current = new Rows(now);
    while (!old.atEnd() && !current.atEnd()) {
      if (old.skipShared(current, told)) {
        continue;
      }
      if (old.uid() < current.uid()) {
        expunged.add(old.sequenceNumber());
        old.next();
      } else if (old.uid() > current.uid()) {
        throw new IllegalStateException("UID " + current.uid() + " came before " + old.uid());
      } else {
        if (old.flags() != current.flags() || told.contains(old.uid())) {
          changed.add(old.sequenceNumber());
        }
        old.next();
        current.next();
      }
    }
    while (!old.atEnd()) {
      expunged.add(old.sequenceNumber());
      old.next();
    }
    int added = current.atEnd() ? 0 : now.size() - current.sequenceNumber() + 1;
    return new TableChanges(expunged.build().toArray(), changed.build().toArray(), added);
  }

  /**
   * Ascending sequence numbers, in the known table, of messages that are gone. Not to be written
   * to.
   */
  int[] expunged() {
    return expunged;
  }

  /**
   * Ascending sequence numbers, in the known table, of messages whose flags are others now. Not to
   * be written to.
   */
  int[] changed() {
    return changed;
  }

  /** How many messages follow the known table's last. */
  int added() {
    return added;
  }

  /** Walks over a table's rows. Mutable; lives within one call. */
  private static final class Rows {
    private final List<MessageSegment> segments;
    private int segment;
    private int index;
    private int before;

    Rows(MessageTable table) {
      segments = table.segments();
    }

    boolean atEnd() {
      return segment == segments.size();
    }

    int sequenceNumber() {
      return before + index + 1;
    }

    long uid() {
      return segments.get(segment).uid(index);
    }

    long flags() {
      return segments.get(segment).flags(index);
    }

    void next() {
      index++;
      if (index == segments.get(segment).size()) {
        nextSegment();
      }
    }

    /** Goes over a segment that both stand at the start of, if none of its messages is wanted. */
    boolean skipShared(Rows other, UidSet wanted) {
      MessageSegment here = segments.get(segment);
      if (index != 0
          || other.index != 0
          || here != other.segments.get(other.segment)
          || wanted.intersects(here.firstUid(), here.lastUid())) {
        return false;
      }
      nextSegment();
      other.nextSegment();
      return true;
    }

    private void nextSegment() {
      before += segments.get(segment).size();
      segment++;
      index = 0;
    }
  }
}
