package dev.staffetta.store.link;

import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotResult;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppenderBase;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.util.Timestamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a partition's log from its leader to one follower. One piece is on its way at a time: what
 * comes in meanwhile gathers into the next. Beside it there may be a heartbeat, so that a follower
 * whose disk is slow is not taken for a dead one.
 */
final class LinkAppender extends LogAppenderBase {
  private static final Logger log = LoggerFactory.getLogger(LinkAppender.class);

  /** After a failure; a node that comes back must not wait long. */
  private static final long FIRST_PAUSE_MILLIS = 20;

  private static final long PAUSE_MILLIS = 300;
  private static final int SHORT_PAUSES = 10;

  /** How often a follower that fetches the whole partition is asked whether it has it. */
  private static final long SNAPSHOT_PAUSE_MILLIS = 100;

  private final LinkServer peers;
  private final AtomicLong nextCall = new AtomicLong();
  private final Semaphore wake = new Semaphore(0);

  /** What answers leave to be done by the thread that may wait for locks. */
  private final Queue<Runnable> afterwards = new ConcurrentLinkedQueue<>();

  private final AtomicInteger failures = new AtomicInteger();
  private volatile boolean isAppending;
  private volatile boolean isBeating;
  private volatile boolean isFailing;
  private volatile long pausedUntilNanos = System.nanoTime();

  LinkAppender(
      RaftServer.Division server, LeaderState state, FollowerInfo follower, LinkServer peers) {
    super(server, state, follower);
    this.peers = peers;
  }

  @Override
  public long getCallId() {
    return nextCall.get();
  }

  @Override
  public Comparator<Long> getCallIdComparator() {
    return Comparator.naturalOrder();
  }

  @Override
  public boolean hasPendingDataRequests() {
    return isAppending;
  }

  /** Ratis tells of every step of the log and of commits: most of it is no reason to wake up. */
  @Override
  public void notifyLogAppender() {
    if (!isFailing && (hasToAppend() || !afterwards.isEmpty() || super.shouldSendAppendEntries())) {
      wakeUp();
    }
  }

  private void wakeUp() {
    if (wake.availablePermits() == 0) {
      wake.release();
    }
  }

  private boolean hasToAppend() {
    return !isAppending && hasAppendEntries();
  }

  @Override
  public void run() throws InterruptedException, IOException {
    while (isRunning()) {
      for (Runnable next = afterwards.poll(); next != null; next = afterwards.poll()) {
        next.run();
      }
      if (!isPaused() && isRunning()) {
        send();
      }
      getLeaderState().checkHealth(getFollower());
      if (wake.tryAcquire(waitMillis(), TimeUnit.MILLISECONDS)) {
        wake.drainPermits();
      }
    }
  }

  private boolean isPaused() {
    return pausedUntilNanos - System.nanoTime() > 0;
  }

  private long waitMillis() {
    if (!afterwards.isEmpty()) {
      return 0;
    }
    long pause = TimeUnit.NANOSECONDS.toMillis(pausedUntilNanos - System.nanoTime());
    if (pause > 0) {
      return pause + 1;
    }
    long untilHeartbeat = getHeartbeatWaitTimeMs();
    if (untilHeartbeat <= 0 && isBeating) {
      // The answer to the last one, or its being late, wakes this up.
      return PAUSE_MILLIS;
    }
    return hasToAppend() ? 0 : Math.max(untilHeartbeat, 0);
  }

  private void send() throws IOException {
    if (!hasToAppend() && getHeartbeatWaitTimeMs() > 0) {
      return;
    }
    Optional<TermIndex> snapshot = snapshotToFetch();
    if (snapshot.isPresent()) {
      offerSnapshot(snapshot.get());
      return;
    }
    boolean onlyBeats = isAppending;
    if (onlyBeats && isBeating) {
      return;
    }
    AppendEntriesRequestProto request =
        newAppendEntriesRequest(nextCall.getAndIncrement(), onlyBeats);
    if (request == null) {
      return;
    }
    boolean isHeartbeat = request.getEntriesCount() == 0;
    if (isHeartbeat && isBeating) {
      return;
    }
    if (isHeartbeat) {
      isBeating = true;
    } else {
      isAppending = true;
    }
    resetHeartbeatTrigger();
    Timestamp sent = Timestamp.currentTime();
    getFollower().updateLastRpcSendTime(isHeartbeat);
    var unused =
        peers
            .appendEntriesAsync(request)
            .whenComplete((reply, failure) -> answered(request, sent, reply, failure));
  }

  /** Of a thread of the links, which must not wait. */
  private void answered(
      AppendEntriesRequestProto request,
      Timestamp sent,
      AppendEntriesReplyProto reply,
      Throwable failure) {
    boolean isHeartbeat = request.getEntriesCount() == 0;
    try {
      if (failure != null) {
        failed(failure);
      } else {
        heard();
        getFollower().updateLastRespondedAppendEntriesSendTime(sent);
        judge(request, reply);
      }
    } catch (RuntimeException e) {
      log.error("{}: an answer cannot be taken in", this, e);
    } finally {
      if (isHeartbeat) {
        isBeating = false;
      } else {
        isAppending = false;
      }
      notifyLogAppender();
    }
  }

  private void heard() {
    failures.set(0);
    isFailing = false;
    getFollower().updateLastRpcResponseTime();
  }

  private void failed(Throwable why) {
    log.debug("{}: cannot append", this, why);
    pause(failures.incrementAndGet() > SHORT_PAUSES ? PAUSE_MILLIS : FIRST_PAUSE_MILLIS);
    isFailing = true;
  }

  private void pause(long millis) {
    pausedUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private void judge(AppendEntriesRequestProto request, AppendEntriesReplyProto reply) {
    switch (reply.getResult()) {
      case SUCCESS -> {
        getLeaderState().onFollowerCommitIndex(getFollower(), reply.getFollowerCommit());
        if (getFollower().updateMatchIndex(reply.getMatchIndex())) {
          getFollower().updateNextIndex(reply.getMatchIndex() + 1);
          getLeaderState().onFollowerSuccessAppendEntries(getFollower());
        }
        getLeaderState().onAppendEntriesReply(this, reply);
      }
      case NOT_LEADER -> {
        pause(FIRST_PAUSE_MILLIS);
        afterwards.add(
            () -> {
              if (!onFollowerTerm(reply.getTerm())) {
                getLeaderState().onAppendEntriesReply(this, reply);
              }
            });
      }
      case INCONSISTENCY -> {
        long first =
            request.getEntriesCount() == 0
                ? RaftLog.INVALID_LOG_INDEX
                : request.getEntries(0).getIndex();
        getFollower().setNextIndex(getNextIndexForInconsistency(first, reply.getNextIndex()));
        getLeaderState().onAppendEntriesReply(this, reply);
      }
      default -> log.error("{}: an answer of an unknown kind, {}", this, reply.getResult());
    }
  }

  /**
   * The first entry that the log still has, where the follower needs one before it, or where it is
   * new and must fetch the whole partition first.
   */
  private Optional<TermIndex> snapshotToFetch() {
    FollowerInfo follower = getFollower();
    RaftLog raftLog = getRaftLog();
    long start = raftLog.getStartIndex();
    boolean isNew =
        getLeaderState().isFollowerBootstrapping(follower)
            && !follower.hasAttemptedToInstallSnapshot();
    boolean isBehind =
        follower.getNextIndex() < raftLog.getNextIndex()
            && (follower.getNextIndex() < start || start == RaftLog.INVALID_LOG_INDEX);
    if (!isNew && !isBehind) {
      return Optional.empty();
    }
    return Optional.ofNullable(raftLog.getTermIndex(start))
        .or(
            () ->
                Optional.of(
                    TermIndex.valueOf(
                        getServer().getInfo().getCurrentTerm(), raftLog.getNextIndex())));
  }

  /** Tells the follower to fetch it, which it does by itself, and hears how far it is. */
  private void offerSnapshot(TermIndex firstAvailable) {
    pause(SNAPSHOT_PAUSE_MILLIS);
    resetHeartbeatTrigger();
    getFollower().updateLastRpcSendTime(false);
    InstallSnapshotReplyProto reply;
    try {
      reply = peers.installSnapshot(newInstallSnapshotNotificationRequest(firstAvailable));
    } catch (IOException e) {
      failed(e);
      return;
    }
    heard();
    FollowerInfo follower = getFollower();
    switch (reply.getResult()) {
      case SUCCESS, SNAPSHOT_UNAVAILABLE -> follower.setAttemptedToInstallSnapshot();
      case ALREADY_INSTALLED, SNAPSHOT_INSTALLED -> {
        long index = reply.getSnapshotIndex();
        log.info("{}: the follower has the partition as of {}", this, index);
        follower.setSnapshotIndex(index);
        follower.setAttemptedToInstallSnapshot();
        getLeaderState().onFollowerCommitIndex(follower, index);
        follower.updateNextIndex(index + 1);
        if (index + 1 >= getRaftLog().getStartIndex()) {
          getServer()
              .getStateMachine()
              .event()
              .notifySnapshotInstalled(InstallSnapshotResult.SUCCESS, index, follower.getPeer());
        }
        pausedUntilNanos = System.nanoTime();
      }
      case NOT_LEADER -> onFollowerTerm(reply.getTerm());
      case IN_PROGRESS -> log.debug("{}: the follower is fetching", this);
      default -> log.warn("{}: the follower cannot fetch: {}", this, reply.getResult());
    }
  }
}
