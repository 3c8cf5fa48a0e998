package dev.staffetta.store;

import java.util.Iterator;

/** Pairs of keys and values, ascending by key. Of one thread at a time; must be closed. */
public interface Scan extends Iterator<Scan.Pair>, AutoCloseable {
  /** A key and its value. A carrier only: pairs are not compared. */
  @SuppressWarnings("ArrayRecordComponent")
  record Pair(byte[] key, byte[] value) {}

  @Override
  void close();
}
