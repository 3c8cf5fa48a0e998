package dev.staffetta.store;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * The process that {@link KillTest} kills: several writers, each counting up under keys of its own,
 * and a line on standard output for each number once it is acknowledged.
 */
final class KilledWriter {
  static final int WRITERS = 32;

  private KilledWriter() {}

  public static void main(String[] args) throws InterruptedException {
    Store store = Stores.at(Path.of(args[0]), args[1]).open();
    PrintStream acknowledged = new PrintStream(System.out, true);
    for (int writer = 0; writer < WRITERS; writer++) {
      next(store, writer, last(store.reader(partition(store, writer)), writer), acknowledged);
    }
    new CountDownLatch(1).await();
  }

  static int partition(Store store, int writer) {
    return writer % store.partitions();
  }

  /** The last number of a writer, by what fences it. */
  static long last(Reader reader, int writer) {
    return reader
        .get(Keys.highest("w" + writer))
        .map(value -> ByteBuffer.wrap(value).getLong())
        .orElse(0L);
  }

  private static void next(Store store, int writer, long last, PrintStream acknowledged) {
    long number = last + 1;
    byte[] highest = Keys.highest("w" + writer);
    WriteBatch.Builder batch = WriteBatch.builder();
    if (last == 0) {
      batch.requireAbsent(highest);
    } else {
      batch.requireEquals(highest, bytes(last));
    }
    batch.put(highest, bytes(number));
    batch.put(Keys.event("w" + writer, number), value(writer, number));
    var unused =
        store
            .write(partition(store, writer), batch.build())
            .thenRun(
                () -> {
                  acknowledged.println(writer + " " + number);
                  next(store, writer, number, acknowledged);
                });
  }

  /** What a writer writes under a number: some hundred bytes to some ten thousand. */
  static byte[] value(int writer, long number) {
    byte[] value = new byte[100 + (int) ((number * 2_741 + writer * 97L) % 9_000)];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) (writer + number * 31 + i);
    }
    return value;
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.wrap(new byte[Long.BYTES]).putLong(number).array();
  }
}
