package dev.staffetta.pop3;

/**
 * Which message numbers are marked as deleted. Immutable: a mark copies one block of {@value
 * #BLOCK} bits and the list of blocks, so that a hundred thousand DELE in one session stay cheap.
 */
final class Deletions {
  /** No marks. */
  static final Deletions NONE = new Deletions(new long[0][], 0, 0);

  private static final int BLOCK = 4096;
  private static final int WORDS = BLOCK / Long.SIZE;

  /** Bit {@code number}; a missing block has no marks. */
  private final long[][] blocks;

  private final int count;
  private final long octets;

  private Deletions(long[][] blocks, int count, long octets) {
    this.blocks = blocks;
    this.count = count;
    this.octets = octets;
  }

  /** How many messages are marked. */
  int count() {
    return count;
  }

  /** The sum of their sizes, in bytes. */
  long octets() {
    return octets;
  }

  boolean contains(int number) {
    int block = number / BLOCK;
    return block < blocks.length
        && blocks[block] != null
        && (blocks[block][number % BLOCK / Long.SIZE] & 1L << number) != 0;
  }

  /** With a mark at a message that has none, of this size in bytes. */
  Deletions with(int number, long size) {
    int block = number / BLOCK;
    long[][] newBlocks = new long[Math.max(blocks.length, block + 1)][];
    System.arraycopy(blocks, 0, newBlocks, 0, blocks.length);
    newBlocks[block] = newBlocks[block] == null ? new long[WORDS] : newBlocks[block].clone();
    newBlocks[block][number % BLOCK / Long.SIZE] |= 1L << number;
    return new Deletions(newBlocks, count + 1, octets + size);
  }
}
