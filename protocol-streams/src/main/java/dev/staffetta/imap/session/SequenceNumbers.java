package dev.staffetta.imap.session;

import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * The sequence numbers of messages, ascending: a list that holds ranges and makes its numbers when
 * they are asked for, so that {@code 1:*} costs the same in every mailbox. Immutable.
 */
final class SequenceNumbers extends AbstractList<Integer> implements RandomAccess {
  /** The first number of each range. */
  private final int[] firsts;

  /** befores[i]: how many numbers lie in the ranges before range i; the last entry is the size. */
  private final int[] befores;

  private SequenceNumbers(int[] firsts, int[] befores) {
    this.firsts = firsts;
    this.befores = befores;
  }

  /** Those of the UIDs that are in the table. */
  static SequenceNumbers of(UidSet uids, MessageTable table) {
    List<UidSet.Range> ranges = uids.ranges();
    int[] firsts = new int[ranges.size()];
    int[] befores = new int[ranges.size() + 1];
    for (int i = 0; i < firsts.length; i++) {
      int below = table.countBelow(ranges.get(i).first());
      firsts[i] = below + 1;
      befores[i + 1] = befores[i] + table.countBelow(ranges.get(i).last() + 1) - below;
    }
    return new SequenceNumbers(firsts, befores);
  }

  @Override
  public int size() {
    return befores[firsts.length];
  }

  @Override
  public Integer get(int index) {
    if (index < 0 || index >= size()) {
      throw new IndexOutOfBoundsException("index " + index + " of " + size());
    }
    // The last range that starts at or before the index: empty ones are passed over.
    int low = 0;
    int high = firsts.length;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (befores[middle] <= index) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return firsts[low] + index - befores[low];
  }
}
