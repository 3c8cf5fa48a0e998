package dev.staffetta.store;

import dev.staffetta.config.StoreSettings;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares free space with the marks. Looked at by one thread; its state is read by any.
 *
 * <p>Once below a mark, a tenth more than the mark must be free before it counts as above: else
 * each deleted message would open the door to one new one.
 */
final class DiskWatch {
  private static final Logger log = LoggerFactory.getLogger(DiskWatch.class);

  private final StoreSettings.Disk marks;
  private final LongSupplier freeBytes;
  private final Consumer<DiskState> onChange;
  private volatile DiskState state = DiskState.ROOMY;

  DiskWatch(StoreSettings.Disk marks, LongSupplier freeBytes, Consumer<DiskState> onChange) {
    this.marks = marks;
    this.freeBytes = freeBytes;
    this.onChange = onChange;
  }

  DiskState state() {
    return state;
  }

  /** Looks, and tells if the state is another one than before. */
  void look() {
    long free = freeBytes.getAsLong();
    DiskState before = state;
    DiskState now = judge(free, before);
    if (now == before) {
      return;
    }
    state = now;
    switch (now) {
      case ROOMY -> log.info("{} of disk space free: taking new mail again", mebibytes(free));
      case NEARLY_FULL ->
          log.warn(
              "Only {} of disk space free, less than disk.refuse-below-bytes ({}): new mail is"
                  + " refused until there is more",
              mebibytes(free),
              mebibytes(marks.refuseBelowBytes()));
      case FULL ->
          log.error(
              "Only {} of disk space free, less than disk.stop-below-bytes ({}): stopping",
              mebibytes(free),
              mebibytes(marks.stopBelowBytes()));
    }
    onChange.accept(now);
  }

  private DiskState judge(long free, DiskState before) {
    if (free < withSlack(marks.stopBelowBytes(), before == DiskState.FULL)) {
      return DiskState.FULL;
    }
    return free < withSlack(marks.refuseBelowBytes(), before != DiskState.ROOMY)
        ? DiskState.NEARLY_FULL
        : DiskState.ROOMY;
  }

  private static long withSlack(long mark, boolean wasBelow) {
    return wasBelow ? mark + mark / 10 : mark;
  }

  static String mebibytes(long bytes) {
    return (bytes >> 20) + " MiB";
  }
}
