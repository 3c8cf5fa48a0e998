package dev.staffetta.store;

import dev.staffetta.store.proto.SnapshotChunk;
import dev.staffetta.store.proto.SnapshotReply;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches all that another replica has, for one that is too far behind for the log or has nothing.
 *
 * <p>A connection that breaks is tried again for a while, and the transfer goes on where it was, at
 * the same replica, as long as that one keeps it open: also after the leader has changed, since the
 * one that led goes on as a follower. Otherwise it begins anew. What is half received is never read
 * from: it gets its place only when it is whole, checked and on the disk.
 */
final class SnapshotReceiver implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SnapshotReceiver.class);

  private static final Duration PAUSE = Duration.ofMillis(250);

  /** How long a source may be silent before another is looked for. */
  private static final Duration SOURCE_PATIENCE = Duration.ofSeconds(20);

  /** How long one waits for its turn at the source. */
  private static final Duration TURN_PATIENCE = Duration.ofMinutes(10);

  /** How often a chunk may come damaged in a row. */
  private static final int DAMAGED_AT_MOST = 3;

  /** How long what came is kept, for the transfer to go on. */
  private static final Duration KEPT_FOR = Duration.ofSeconds(50);

  /** Between two lines that say that there is no room. */
  private static final Duration BETWEEN_LOG_LINES = Duration.ofMinutes(1);

  /** What is to come does not fit on the disk. */
  private static final class NoRoomException extends IOException {
    private static final long serialVersionUID = 1L;

    NoRoomException(String message) {
      super(message);
    }
  }

  private final String name;
  private final RaftGroupId group;
  private final SnapshotTransfers transfers;
  private final LevelStore.Shape shape;

  /** Guarded by this, as all below. */
  private Optional<CompletableFuture<TermIndex>> wanted = Optional.empty();

  private Optional<IncomingReplica> incoming = Optional.empty();
  private Optional<Thread> working = Optional.empty();
  private boolean closed;
  private Optional<PartitionStatus.Transfer> progress = Optional.empty();
  private Optional<Long> saidNoRoomNanos = Optional.empty();

  SnapshotReceiver(
      String name, RaftGroupId group, SnapshotTransfers transfers, LevelStore.Shape shape) {
    this.name = name;
    this.group = group;
    this.transfers = transfers;
    this.shape = shape;
  }

  /** Whether it has something to do. */
  synchronized boolean isWanted() {
    return wanted.filter(result -> !result.isDone()).isPresent();
  }

  /** How far the transfer under way has come. */
  synchronized Optional<PartitionStatus.Transfer> progress() {
    return progress;
  }

  /**
   * Fetches all that {@code source} has, or goes on with what was begun.
   *
   * @param atLeast what the snapshot has to include
   * @return completes with the last entry that is in it, when it waits to take its place; fails
   *     when it did not come, and may then be called again
   */
  synchronized CompletableFuture<TermIndex> receive(
      ReplicaDirectory directory, RaftPeer source, long atLeast) {
    if (closed) {
      return CompletableFuture.failedFuture(new IOException("the replica is closed"));
    }
    CompletableFuture<TermIndex> result = new CompletableFuture<>();
    wanted = Optional.of(result);
    try {
      transfers.receive(() -> run(result, directory, source, atLeast));
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(new IOException("the node is stopping", e));
    }
    return result;
  }

  /** Gives the transfer up for now; what came is kept for a while, for it to go on. */
  synchronized void interrupt(String because) {
    wanted.ifPresent(result -> result.completeExceptionally(new IOException(because)));
    wanted = Optional.empty();
  }

  /** Gives the transfer up for good, and waits until nothing of it is open. */
  @Override
  public synchronized void close() {
    closed = true;
    interrupt("the replica is closed");
    boolean interrupted = false;
    working.ifPresent(Thread::interrupt);
    while (working.isPresent()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    dropIncoming();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean begin(CompletableFuture<TermIndex> result) {
    while (working.isPresent() && !result.isDone()) {
      try {
        // One that was given up notices soon.
        TimeUnit.MILLISECONDS.timedWait(this, PAUSE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    if (result.isDone()) {
      return false;
    }
    working = Optional.of(Thread.currentThread());
    return true;
  }

  private synchronized void end() {
    working = Optional.empty();
    progress = Optional.empty();
    notifyAll();
  }

  private void run(
      CompletableFuture<TermIndex> result,
      ReplicaDirectory directory,
      RaftPeer source,
      long atLeast) {
    if (!begin(result)) {
      result.completeExceptionally(new IOException("the node is stopping"));
      return;
    }
    Runnable tell;
    try {
      TermIndex received = fetch(result, directory, source, atLeast);
      log.info("{}: received as of entry {}", name, received);
      tell = () -> result.complete(received);
    } catch (InterruptedException e) {
      tell = () -> result.completeExceptionally(new IOException("the node is stopping", e));
    } catch (NoRoomException e) {
      sayNoRoom(source, e);
      tell = () -> failLater(result, e);
    } catch (IOException | RuntimeException e) {
      if (!result.isDone()) {
        log.warn("{}: could not be fetched from {}: {}", name, source, e.toString());
      }
      tell = () -> result.completeExceptionally(e);
    } finally {
      // Before anybody is told: whoever hears of it may begin another.
      end();
    }
    tell.run();
  }

  private synchronized void sayNoRoom(RaftPeer source, NoRoomException why) {
    long now = System.nanoTime();
    if (saidNoRoomNanos.filter(at -> now - at < BETWEEN_LOG_LINES.toNanos()).isEmpty()) {
      saidNoRoomNanos = Optional.of(now);
      log.warn("{}: not fetched from {}: {}", name, source, why.getMessage());
    }
  }

  /** Not at once: whoever wants it would ask again at once. */
  private void failLater(CompletableFuture<TermIndex> result, NoRoomException why) {
    try {
      transfers.after(transfers.room().pause(), () -> result.completeExceptionally(why));
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(new IOException("the node is stopping", e));
    }
  }

  private TermIndex fetch(
      CompletableFuture<TermIndex> result,
      ReplicaDirectory directory,
      RaftPeer source,
      long atLeast)
      throws IOException, InterruptedException {
    Optional<IncomingReplica> begun = begun(atLeast);
    if (begun.isPresent()) {
      log.info("{}: going on to fetch it from {}", name, begun.get().source());
      try {
        if (fetch(result, begun.get())) {
          return finish(directory, begun.get());
        }
      } catch (NoRoomException e) {
        throw e;
      } catch (IOException e) {
        if (result.isDone() || begun.get().source().getId().equals(source.getId())) {
          throw e;
        }
        log.info("{}: {} does not go on: {}", name, begun.get().source(), e.toString());
      }
    }
    IncomingReplica anew = beginAnew(directory, source);
    log.info("{}: fetching it from {}", name, source);
    if (!fetch(result, anew)) {
      dropIncoming();
      throw new IOException(source + " does not know the transfer it began");
    }
    if (anew.at().getIndex() < atLeast) {
      dropIncoming();
      throw new IOException(source + " has it as of " + anew.at() + " only, not " + atLeast);
    }
    return finish(directory, anew);
  }

  private synchronized Optional<IncomingReplica> begun(long atLeast) {
    return incoming.filter(i -> i.nextNumber() > 0 && i.at().getIndex() >= atLeast);
  }

  private synchronized IncomingReplica beginAnew(ReplicaDirectory directory, RaftPeer source)
      throws IOException {
    dropIncoming();
    IncomingReplica anew = IncomingReplica.begin(directory.incoming(), shape, source);
    incoming = Optional.of(anew);
    return anew;
  }

  private synchronized void dropIncoming() {
    incoming.ifPresent(IncomingReplica::drop);
    incoming = Optional.empty();
  }

  /** Drops what came, if nobody went on with it. */
  private synchronized void dropIfIdle(IncomingReplica idle, long number) {
    if (working.isEmpty()
        && incoming.filter(i -> i == idle && i.nextNumber() == number).isPresent()) {
      dropIncoming();
    }
  }

  /** Returns whether all came; otherwise the source does not know the transfer. */
  private boolean fetch(CompletableFuture<TermIndex> result, IncomingReplica into)
      throws IOException, InterruptedException {
    try (SnapshotTransfers.Connection connection = transfers.connect(group, into.source())) {
      long lastChunk = System.nanoTime();
      int damaged = 0;
      boolean isFirst = true;
      while (!into.isWhole()) {
        SnapshotReply reply = ask(result, connection, into);
        switch (reply.getReplyCase()) {
          case CHUNK -> {
            requireRoom(connection, into, reply.getChunk(), isFirst);
            isFirst = false;
            damaged = take(into, reply.getChunk()) ? 0 : damaged + 1;
            if (damaged >= DAMAGED_AT_MOST) {
              dropIncoming();
              throw new IOException(
                  "chunk " + into.nextNumber() + " came damaged " + damaged + " times");
            }
            lastChunk = System.nanoTime();
            transfers.awaitPace(reply.getChunk().getPairs().size());
          }
          case BUSY -> {
            if (System.nanoTime() - lastChunk > TURN_PATIENCE.toNanos()) {
              throw new IOException("no turn within " + TURN_PATIENCE.toMinutes() + " minutes");
            }
            Thread.sleep(PAUSE.toMillis());
          }
          case UNKNOWN, REPLY_NOT_SET -> {
            return false;
          }
        }
      }
      return true;
    } finally {
      transfers.room().forget(this);
      if (!into.isWhole()) {
        keepForAWhile(into);
      }
    }
  }

  /** The first chunk says how much is to come; while it comes, others fill the disk too. */
  private void requireRoom(
      SnapshotTransfers.Connection connection,
      IncomingReplica into,
      SnapshotChunk chunk,
      boolean isFirst)
      throws NoRoomException {
    long left = chunk.getBytesInAll() - into.progress().bytes();
    Optional<String> no = Optional.empty();
    if (isFirst) {
      no = transfers.room().await(this, left);
    } else if (transfers.room().isTight()) {
      no = Optional.of("the disk is nearly full");
    }
    if (no.isPresent()) {
      sayFarewell(connection, into);
      dropIncoming();
      throw new NoRoomException(no.get());
    }
    transfers.room().left(this, left);
  }

  /** So that another gets its turn at the source. */
  private void sayFarewell(SnapshotTransfers.Connection connection, IncomingReplica into) {
    try {
      connection.ask(into.farewell());
    } catch (IOException e) {
      log.debug("{}: {} forgets the transfer by itself", name, into.source(), e);
    }
  }

  /** Asks for the next chunk until there is an answer, or the source is silent for too long. */
  private SnapshotReply ask(
      CompletableFuture<TermIndex> result,
      SnapshotTransfers.Connection connection,
      IncomingReplica into)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (true) {
      if (result.isDone()) {
        throw new IOException("given up");
      }
      try {
        return connection.ask(into.request());
      } catch (IOException e) {
        if (System.nanoTime() - begun > SOURCE_PATIENCE.toNanos()) {
          throw e;
        }
        log.debug("{}: asking {} again", name, into.source(), e);
        Thread.sleep(PAUSE.toMillis());
      }
    }
  }

  /** Returns false when the chunk was damaged. */
  private boolean take(IncomingReplica into, SnapshotChunk chunk) throws IOException {
    try {
      into.take(chunk);
      show(into);
      return true;
    } catch (IncomingReplica.DamagedChunkException e) {
      log.warn("{}: {} (from {})", name, e.getMessage(), into.source());
      return false;
    } catch (IOException | RuntimeException e) {
      dropIncoming();
      throw e;
    }
  }

  private void keepForAWhile(IncomingReplica begun) {
    long number = begun.nextNumber();
    try {
      transfers.after(KEPT_FOR, () -> dropIfIdle(begun, number));
    } catch (RejectedExecutionException e) {
      log.debug("{}: the node is stopping", name, e);
    }
  }

  private synchronized void show(IncomingReplica into) {
    progress = Optional.of(into.progress());
  }

  private synchronized TermIndex finish(ReplicaDirectory directory, IncomingReplica whole)
      throws IOException {
    try {
      whole.finish();
      directory.incomingIsWhole();
      incoming = Optional.empty();
      return whole.at();
    } catch (IOException | RuntimeException e) {
      dropIncoming();
      throw e;
    }
  }
}
