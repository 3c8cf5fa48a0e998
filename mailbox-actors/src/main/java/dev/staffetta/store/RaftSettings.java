package dev.staffetta.store;

import dev.staffetta.config.StoreSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * Our settings in Ratis' words, and those of Ratis' that are not for an operator to choose. A write
 * is answered only after its entry was forced to the disk: that is Ratis' default (no {@code
 * unsafe-flush}, no {@code async-flush}) and must stay so.
 */
final class RaftSettings {
  /** What a Raft appender takes at once; an entry must fit it. */
  private static final SizeInBytes APPENDER_BYTES = SizeInBytes.valueOf("1MB");

  /** At least the appender's and 8 more, or the group does not start. */
  private static final SizeInBytes WRITE_BUFFER_BYTES = SizeInBytes.valueOf("1088KB");

  /** A lone peer need not wait for anybody before it elects itself. */
  private static final Duration LONE_ELECTION = Duration.ofMillis(20);

  /** It may be held up by opening what it received. */
  private static final Duration NEWCOMER_PATIENCE = Duration.ofSeconds(10);

  private RaftSettings() {}

  static RaftProperties of(StoreSettings settings, Path directory, boolean alone) {
    RaftProperties p = new RaftProperties();
    StoreSettings.Raft raft = settings.raft();
    RaftServerConfigKeys.setStorageDir(p, List.of(directory.toFile()));
    // DiskWatch looks after the free space.
    RaftServerConfigKeys.setStorageFreeSpaceMin(p, SizeInBytes.ZERO);
    // A process that was stopped for long is behind, not broken: it must not close its groups.
    RaftServerConfigKeys.setCloseThreshold(p, TimeDuration.valueOf(24, TimeUnit.HOURS));
    elections(p, raft.electionTimeout(), alone);
    log(p, raft);
    // Replies are kept for a writer that asks again, which it does until its time is up.
    RaftServerConfigKeys.RetryCache.setExpiryTime(
        p, duration(settings.writeTimeout().multipliedBy(2)));
    RaftServerConfigKeys.Read.setOption(p, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
    RaftServerConfigKeys.Read.setLeaderLeaseEnabled(p, true);
    return p;
  }

  /** Where other nodes connect to. */
  static InetSocketAddress listensAt(StoreSettings.Raft raft) {
    String host = raft.bindAddress().isEmpty() ? raft.host() : raft.bindAddress();
    return new InetSocketAddress(host, raft.port());
  }

  private static void elections(RaftProperties p, Duration timeout, boolean alone) {
    RaftServerConfigKeys.Rpc.setTimeoutMin(p, duration(timeout));
    RaftServerConfigKeys.Rpc.setTimeoutMax(p, duration(timeout.multipliedBy(2)));
    Duration first = alone ? LONE_ELECTION : timeout;
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, duration(first));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(p, duration(first.multipliedBy(2)));
    // A leader that has lost its majority may be the only one with the whole log: for as long as it
    // does not ask for votes again, nobody can be elected. Also how long the process may be held up
    // before a leader takes it that another was elected meanwhile.
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
        p, duration(timeout.multipliedBy(2)));
    // A thread that slept longer than it meant to by this much does not ask for votes: not so
    // little
    // that a busy processor puts elections off.
    RaftServerConfigKeys.setSleepDeviationThreshold(p, duration(timeout));
    // A newcomer that says nothing for so long is not taken in.
    RaftServerConfigKeys.setStagingTimeout(p, duration(NEWCOMER_PATIENCE));
  }

  private static void log(RaftProperties p, StoreSettings.Raft raft) {
    SizeInBytes segment = SizeInBytes.valueOf(raft.segmentBytes());
    RaftServerConfigKeys.Log.setSegmentSizeMax(p, segment);
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(p, 1);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(p, segment);
    RaftServerConfigKeys.Log.setPreallocatedSize(p, SizeInBytes.valueOf("1MB"));
    RaftServerConfigKeys.Log.setWriteBufferSize(p, WRITE_BUFFER_BYTES);
    RaftServerConfigKeys.Log.setUnsafeFlushEnabled(p, false);
    RaftServerConfigKeys.Log.setAsyncFlushEnabled(p, false);
    // One more entry, and one more force, for each write of a quiet partition; a restarted replica
    // asks its leader for the commit index instead.
    RaftServerConfigKeys.Log.setLogMetadataEnabled(p, false);
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, APPENDER_BYTES);
    // A replica that is too far behind fetches all by SnapshotReceiver.
    RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(p, false);
    // Partition cuts the log by bytes; Ratis' own trigger counts entries.
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, false);
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(p, true);
    RaftServerConfigKeys.Log.setPurgeGap(p, 1);
  }

  private static TimeDuration duration(Duration duration) {
    return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
  }
}
