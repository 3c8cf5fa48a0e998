package dev.staffetta.config;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Section {@code staffetta.store}: the replicated store. What each means and why its default is
 * what it is stands in {@code reference.conf}.
 *
 * @param partitions how many; fixed when the data directory is made
 * @param cluster name of the cluster; empty: made up, or what the directory says
 * @param queueBytes of writes that may wait in one partition
 * @param writeTimeout after which a write's outcome is given up as unknown
 */
public record StoreSettings(
    int partitions,
    String cluster,
    long queueBytes,
    Duration writeTimeout,
    Raft raft,
    LevelDb levelDb,
    Contents contents,
    Disk disk,
    Transfers transfers) {
  public StoreSettings {
    require(partitions >= 1 && partitions <= 256, "partitions", "1 to 256", partitions);
    require(queueBytes >= MEBIBYTE, "queue-bytes", "at least 1M", queueBytes);
    require(writeTimeout.toMillis() >= 1_000, "write-timeout", "at least 1s", writeTimeout);
  }

  private static final long MEBIBYTE = 1 << 20;

  private static void require(boolean holds, String key, String right, Object wrong) {
    if (!holds) {
      throw new IllegalArgumentException(key + " must be " + right + ", not " + wrong);
    }
  }

  /**
   * Section {@code raft}.
   *
   * @param host where peers reach this node
   * @param port to listen on, 0: any
   * @param bindAddress to listen on, empty: the host
   * @param electionTimeout of a follower that hears nothing
   * @param segmentBytes of one file of the log
   * @param cutAfterBytes of entries after which LevelDB is synced and the log cut
   */
  public record Raft(
      String host,
      int port,
      String bindAddress,
      Duration electionTimeout,
      long segmentBytes,
      long cutAfterBytes) {
    public Raft {
      require(port >= 0 && port <= 65_535, "raft.port", "0 to 65535", port);
      require(
          electionTimeout.toMillis() >= 100,
          "raft.election-timeout",
          "at least 100ms",
          electionTimeout);
      require(segmentBytes >= 2 * MEBIBYTE, "raft.segment-bytes", "at least 2M", segmentBytes);
      require(
          cutAfterBytes >= segmentBytes,
          "raft.cut-after-bytes",
          "at least raft.segment-bytes",
          cutAfterBytes);
    }
  }

  /**
   * Section {@code leveldb}.
   *
   * @param nativeLibrary whether to use it where there is one
   * @param writeBufferBytes of one partition
   * @param cacheBytes of all partitions
   * @param maxOpenFiles of one partition
   */
  public record LevelDb(
      boolean nativeLibrary,
      int writeBufferBytes,
      long cacheBytes,
      int maxOpenFiles,
      boolean compression) {
    public LevelDb {
      require(
          writeBufferBytes >= 64 << 10,
          "leveldb.write-buffer-bytes",
          "at least 64k",
          writeBufferBytes);
      require(cacheBytes >= 0, "leveldb.cache-bytes", "0 or more", cacheBytes);
      require(maxOpenFiles >= 74, "leveldb.max-open-files", "at least 74", maxOpenFiles);
    }
  }

  /**
   * Section {@code contents}.
   *
   * @param inlineBytes up to which a content travels in its event
   * @param grace for which an unreferenced content is kept
   * @param sweepInterval between two looks for unreferenced contents
   */
  public record Contents(int inlineBytes, Duration grace, Duration sweepInterval) {
    public Contents {
      require(
          inlineBytes >= 0 && inlineBytes <= 512 << 10,
          "contents.inline-bytes",
          "0 to 512k",
          inlineBytes);
      require(!grace.isNegative(), "contents.grace", "0s or more", grace);
      require(
          sweepInterval.toMillis() > 0, "contents.sweep-interval", "more than 0s", sweepInterval);
    }
  }

  /**
   * Section {@code disk}.
   *
   * @param refuseBelowBytes of free space, no new mail
   * @param stopBelowBytes of free space, the node stops
   * @param checkInterval between two looks at the free space
   */
  public record Disk(long refuseBelowBytes, long stopBelowBytes, Duration checkInterval) {
    public Disk {
      require(stopBelowBytes >= 0, "disk.stop-below-bytes", "0 or more", stopBelowBytes);
      require(
          refuseBelowBytes >= stopBelowBytes,
          "disk.refuse-below-bytes",
          "at least disk.stop-below-bytes",
          refuseBelowBytes);
      require(checkInterval.toMillis() > 0, "disk.check-interval", "more than 0s", checkInterval);
    }
  }

  /**
   * Section {@code transfers}: whole partitions on their way to a replica that lacks one.
   *
   * @param bytesPerSecond that the node sends at most, and that it receives at most
   * @param atOnce that the node sends at most, and that it receives at most
   * @param roomFactor times a partition's size must be free for it to come
   */
  public record Transfers(long bytesPerSecond, int atOnce, double roomFactor) {
    public Transfers {
      require(
          bytesPerSecond >= 1 << 16, "transfers.bytes-per-second", "at least 64k", bytesPerSecond);
      require(atOnce >= 1 && atOnce <= 64, "transfers.at-once", "1 to 64", atOnce);
      require(roomFactor >= 1 && roomFactor <= 10, "transfers.room-factor", "1 to 10", roomFactor);
    }
  }

  /** Reads the section. */
  public static StoreSettings from(Config section) {
    Config raft = section.getConfig("raft");
    Config levelDb = section.getConfig("leveldb");
    Config contents = section.getConfig("contents");
    Config disk = section.getConfig("disk");
    Config transfers = section.getConfig("transfers");
    return new StoreSettings(
        section.getInt("partitions"),
        section.getString("cluster"),
        section.getBytes("queue-bytes"),
        section.getDuration("write-timeout"),
        new Raft(
            raft.getString("host"),
            raft.getInt("port"),
            raft.getString("bind-address"),
            raft.getDuration("election-timeout"),
            raft.getBytes("segment-bytes"),
            raft.getBytes("cut-after-bytes")),
        new LevelDb(
            levelDb.getBoolean("native"),
            Math.toIntExact(levelDb.getBytes("write-buffer-bytes")),
            levelDb.getBytes("cache-bytes"),
            levelDb.getInt("max-open-files"),
            levelDb.getBoolean("compression")),
        new Contents(
            Math.toIntExact(contents.getBytes("inline-bytes")),
            contents.getDuration("grace"),
            contents.getDuration("sweep-interval")),
        new Disk(
            disk.getBytes("refuse-below-bytes"),
            disk.getBytes("stop-below-bytes"),
            disk.getDuration("check-interval")),
        new Transfers(
            transfers.getBytes("bytes-per-second"),
            transfers.getInt("at-once"),
            transfers.getDouble("room-factor")));
  }
}
