package dev.staffetta.store;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;
import org.iq80.leveldb.DBIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A scan of a LevelDB that the caller has entered the gate of: left when it is closed. */
final class LevelScan implements Scan {
  private static final Logger log = LoggerFactory.getLogger(LevelScan.class);

  private final DBIterator iterator;
  private final byte[] end;
  private final Gate gate;
  private final UnaryOperator<RuntimeException> judge;
  private Map.Entry<byte[], byte[]> next;
  private boolean closed;

  /** With what says what a failure is. */
  LevelScan(DBIterator iterator, KeyRange range, Gate gate, UnaryOperator<RuntimeException> judge) {
    this.judge = judge;
    this.iterator = iterator;
    this.end = range.to();
    this.gate = gate;
    try {
      iterator.seek(range.from());
    } catch (RuntimeException e) {
      close();
      throw judge.apply(e);
    } catch (Error e) {
      close();
      throw e;
    }
  }

  @Override
  public boolean hasNext() {
    if (closed) {
      throw new IllegalStateException("the scan is closed");
    }
    try {
      if (next == null && iterator.hasNext()) {
        next = iterator.next();
      }
    } catch (RuntimeException e) {
      throw judge.apply(e);
    }
    return next != null && Arrays.compareUnsigned(next.getKey(), end) < 0;
  }

  @Override
  public Pair next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Pair pair = new Pair(next.getKey(), next.getValue());
    next = null;
    return pair;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      iterator.close();
    } catch (IOException e) {
      log.warn("Cannot close an iterator", e);
    } finally {
      gate.leave();
    }
  }
}
