package dev.staffetta.mailbox;

import dev.staffetta.ports.ContentId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ObjLongConsumer;

/**
 * The contents that were appended last, with the UIDs they got: by this an append or delivery whose
 * answer was lost is known again. Immutable, bounded, 24 bytes an id.
 *
 * <p>Ids lie in sorted chunks; only the newest one is copied when one more comes.
 */
final class RecentIds {
  /** Ids in a full chunk. */
  static final int CHUNK = 256;

  /** Chunks kept, so that some 8,000 ids are remembered: seconds of a very busy mailbox. */
  static final int CHUNKS = 32;

  static final RecentIds NONE = new RecentIds(List.of());

  /** Oldest first; all but the last are full. */
  private final List<Chunk> chunks;

  private RecentIds(List<Chunk> chunks) {
    this.chunks = List.copyOf(chunks);
  }

  /** The UID that a content got. */
  OptionalLong uid(ContentId id) {
    for (int i = chunks.size() - 1; i >= 0; i--) {
      OptionalLong uid = chunks.get(i).uid(id);
      if (uid.isPresent()) {
        return uid;
      }
    }
    return OptionalLong.empty();
  }

  /** With one more; the oldest are forgotten. */
  RecentIds plus(ContentId id, long uid) {
    List<Chunk> result = new ArrayList<>(chunks);
    int last = result.size() - 1;
    if (last < 0 || result.get(last).size() == CHUNK) {
      result.add(Chunk.EMPTY.plus(id, uid));
    } else {
      result.set(last, result.get(last).plus(id, uid));
    }
    return new RecentIds(result.subList(Math.max(0, result.size() - CHUNKS), result.size()));
  }

  /** All, those of the oldest chunk first. */
  void forEach(ObjLongConsumer<ContentId> action) {
    for (Chunk chunk : chunks) {
      for (int i = 0; i < chunk.size(); i++) {
        action.accept(new ContentId(chunk.high[i], chunk.low[i]), chunk.uids[i]);
      }
    }
  }

  /** Columns sorted by id; never written to once they are shared. */
  private static final class Chunk {
    static final Chunk EMPTY = new Chunk(new long[0], new long[0], new long[0]);

    private final long[] high;
    private final long[] low;
    private final long[] uids;

    Chunk(long[] high, long[] low, long[] uids) {
      this.high = high;
      this.low = low;
      this.uids = uids;
    }

    int size() {
      return high.length;
    }

    OptionalLong uid(ContentId id) {
      int at = find(id);
      return at < 0 ? OptionalLong.empty() : OptionalLong.of(uids[at]);
    }

    Chunk plus(ContentId id, long uid) {
      int found = find(id);
      int at = found < 0 ? -found - 1 : found;
      return new Chunk(
          inserted(high, at, id.high()), inserted(low, at, id.low()), inserted(uids, at, uid));
    }

    private static long[] inserted(long[] values, int at, long value) {
      long[] result = new long[values.length + 1];
      System.arraycopy(values, 0, result, 0, at);
      result[at] = value;
      System.arraycopy(values, at, result, at + 1, values.length - at);
      return result;
    }

    /** The index of an id; {@code -(where it would be) - 1} when it is not here. */
    private int find(ContentId id) {
      int from = 0;
      int to = high.length - 1;
      while (from <= to) {
        int middle = (from + to) >>> 1;
        int order = Long.compare(high[middle], id.high());
        if (order == 0) {
          order = Long.compare(low[middle], id.low());
        }
        if (order < 0) {
          from = middle + 1;
        } else if (order > 0) {
          to = middle - 1;
        } else {
          return middle;
        }
      }
      return -from - 1;
    }
  }
}
