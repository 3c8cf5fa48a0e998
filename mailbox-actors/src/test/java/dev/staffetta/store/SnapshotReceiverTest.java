package dev.staffetta.store;

import static dev.staffetta.store.Stores.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.staffetta.config.StoreSettings;
import dev.staffetta.store.proto.SnapshotReply;
import dev.staffetta.store.proto.SnapshotRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.protocol.TermIndex;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica fetched from another, over a network that the test holds. */
class SnapshotReceiverTest {
  private static final TermIndex AT = TermIndex.valueOf(3, 500);
  private static final RaftPeer ONE = RaftPeer.newBuilder().setId("one").build();
  private static final RaftPeer TWO = RaftPeer.newBuilder().setId("two").build();
  private static final KeyRange ALL = new KeyRange(new byte[0], new byte[] {(byte) 0xFF});
  private static final int CHUNK_BYTES = 1_000;
  private static final long KEPT_FREE = 1 << 20;

  @TempDir Path root;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Long> asked = new CopyOnWriteArrayList<>();
  private final AtomicLong free = new AtomicLong(1L << 40);
  private LevelStore.Shape shape;
  private LevelStore level;
  private SnapshotTransfers transfers;
  private SnapshotSource one;
  private SnapshotSource two;
  private ReplicaDirectory directory;
  private SnapshotReceiver receiver;

  /** What the network does to an answer; throws: it is lost. */
  private volatile UnaryOperator<SnapshotReply> network = UnaryOperator.identity();

  @BeforeEach
  void fill() throws Exception {
    shape =
        new LevelStore.Shape(
            LevelLibrary.choose(true, root.resolve("native")), 64 << 10, 1 << 20, 100, true);
    level = LevelStore.open(root.resolve("source"), shape);
    Random random = new Random(7);
    LevelChanges changes = level.newChanges();
    for (int i = 0; i < 300; i++) {
      byte[] value = new byte[random.nextInt(300)];
      random.nextBytes(value);
      changes.put(bytes(String.format("k%04d", i)), value);
    }
    changes.put(bytes("large"), new byte[5 * CHUNK_BYTES]);
    changes.put(bytes("empty"), new byte[0]);
    level.apply(AT, changes);
    transfers =
        new SnapshotTransfers(
            new StoreSettings.Transfers(1 << 30, 2, 2),
            CHUNK_BYTES,
            (group, peer) -> new TestConnection(peer),
            new DiskRoom(free::get, KEPT_FREE, 2, Duration.ofMillis(50)));
    one = new SnapshotSource("one", transfers, () -> level);
    two = new SnapshotSource("two", transfers, () -> level);
    directory = new ReplicaDirectory(Files.createDirectories(root.resolve("target")));
    receiver = new SnapshotReceiver("three", RaftGroupId.randomId(), transfers, shape);
  }

  @AfterEach
  void close() throws Exception {
    receiver.close();
    one.endAll();
    two.endAll();
    transfers.close();
    for (AutoCloseable each : open) {
      each.close();
    }
    level.close();
  }

  @Test
  void allThatTheSourceHadWhenItBeganComesAndTakesItsPlace() throws Exception {
    LevelChanges later = level.newChanges();
    later.put(bytes("later"), bytes("x"));
    later.delete(bytes("k0200"));
    List<String> before = pairs(level);
    network =
        reply -> {
          if (reply.getChunk().getNumber() == 3 && asked.size() == 4) {
            level.apply(TermIndex.valueOf(3, 501), later);
          }
          return reply;
        };
    assertThat(await(receiver.receive(directory, ONE, 500))).isEqualTo(AT);
    assertThat(directory.hasReceived()).isTrue();
    directory.takeOver();
    assertThat(pairs(openTarget())).isEqualTo(before);
    assertThat(asked).hasSizeGreaterThan(30).doesNotHaveDuplicates();
    assertThat(names()).containsExactly("level");
  }

  @Test
  void aChunkThatComesDamagedIsRefusedAndAskedForAgain() throws Exception {
    AtomicInteger damaged = new AtomicInteger();
    network =
        reply ->
            reply.getChunk().getNumber() % 5 == 4 && damaged.getAndIncrement() % 2 == 0
                ? flipped(reply)
                : reply;
    await(receiver.receive(directory, ONE, 500));
    directory.takeOver();
    assertThat(damaged.get()).isGreaterThan(4);
    assertThat(pairs(openTarget())).isEqualTo(pairs(level));
  }

  @Test
  void whatComesDamagedAgainAndAgainIsNeverTaken() {
    network = reply -> reply.getChunk().getNumber() == 9 ? flipped(reply) : reply;
    assertThatThrownBy(() -> await(receiver.receive(directory, ONE, 500)))
        .hasMessageContaining("chunk 9");
    assertThat(directory.hasReceived()).isFalse();
    assertThat(names()).isEmpty();
  }

  @Test
  void aChunkLeftOutOrChangedWithItsChecksumIsNoticedAtTheEnd() {
    network =
        reply ->
            reply.getChunk().getNumber() == 9
                ? SnapshotReply.newBuilder()
                    .setChunk(
                        reply.getChunk().toBuilder()
                            .setPairs(ByteString.EMPTY)
                            .setChecksum(SnapshotCursor.checksum(new byte[0])))
                    .build()
                : reply;
    assertThatThrownBy(() -> await(receiver.receive(directory, ONE, 500)))
        .hasMessageContaining("all chunks together");
    assertThat(directory.hasReceived()).isFalse();
  }

  @Test
  void anAnswerThatIsLostIsAskedForAgainAndTheTransferGoesOn() throws Exception {
    AtomicInteger lost = new AtomicInteger();
    network =
        reply -> {
          if (reply.getChunk().getNumber() % 10 == 7 && lost.getAndIncrement() % 2 == 0) {
            throw new IllegalStateException("lost");
          }
          return reply;
        };
    await(receiver.receive(directory, ONE, 500));
    assertThat(lost.get()).isGreaterThan(4);
    assertThat(asked.stream().filter(n -> n == 0)).hasSize(1);
    assertThat(asked.stream().filter(n -> n == 7)).hasSize(2);
    directory.takeOver();
    assertThat(pairs(openTarget())).isEqualTo(pairs(level));
  }

  @Test
  void aTransferThatWasGivenUpGoesOnAtTheSameSourceAlthoughAnotherLeads() throws Exception {
    stoppedAt(12);
    network = UnaryOperator.identity();
    await(receiver.receive(directory, TWO, 500));
    assertThat(asked.stream().filter(n -> n == 0)).hasSize(1);
    directory.takeOver();
    assertThat(pairs(openTarget())).isEqualTo(pairs(level));
  }

  @Test
  void aTransferWhoseSourceForgotItBeginsAnewAtTheNewLeader() throws Exception {
    stoppedAt(12);
    network = UnaryOperator.identity();
    one.endAll();
    await(receiver.receive(directory, TWO, 500));
    assertThat(asked.stream().filter(n -> n == 0)).hasSize(2);
    directory.takeOver();
    assertThat(pairs(openTarget())).isEqualTo(pairs(level));
  }

  @Test
  void whatWasBegunIsNoUseWhenTheLogBeginsLater() throws Exception {
    stoppedAt(12);
    network = UnaryOperator.identity();
    level.apply(TermIndex.valueOf(4, 700), level.newChanges());
    assertThat(await(receiver.receive(directory, TWO, 600))).isEqualTo(TermIndex.valueOf(4, 700));
    assertThatThrownBy(() -> await(receiver.receive(directory, ONE, 701)))
        .hasMessageContaining("701");
  }

  @Test
  void progressGrowsAndNeverExceedsAll() throws Exception {
    List<PartitionStatus.Transfer> seen = new CopyOnWriteArrayList<>();
    network =
        reply -> {
          receiver.progress().ifPresent(seen::add);
          return reply;
        };
    await(receiver.receive(directory, ONE, 500));
    assertThat(seen).hasSizeGreaterThan(20).allMatch(t -> t.bytes() <= t.ofBytes());
    assertThat(seen).isSortedAccordingTo(Comparator.comparing(PartitionStatus.Transfer::bytes));
    assertThat(receiver.progress()).isEmpty();
  }

  @Test
  void whatDoesNotFitIsNotFetchedUntilThereIsRoom() throws Exception {
    network = reply -> ofBytes(reply, 10 << 20);
    free.set(KEPT_FREE + (20 << 20) - 1);
    assertThatThrownBy(() -> await(receiver.receive(directory, ONE, 500)))
        .hasMessageContaining("10 MiB are to come")
        .hasMessageContaining("room for 9 MiB");
    assertThat(names()).isEmpty();
    // The source was asked once, and told that nobody goes on.
    assertThat(asked).containsExactly(0L, 2L);
    // Both places for transfers are free again.
    assertThat(transfers.tryBegin()).isTrue();
    assertThat(transfers.tryBegin()).isTrue();
    transfers.end();
    transfers.end();
    free.set(KEPT_FREE + (20 << 20));
    assertThat(await(receiver.receive(directory, ONE, 500))).isEqualTo(AT);
  }

  @Test
  void aTransferEndsWhenOthersFillTheDiskMeanwhile() {
    network =
        reply -> {
          free.set(reply.getChunk().getNumber() < 9 ? KEPT_FREE : KEPT_FREE - 1);
          return reply;
        };
    assertThatThrownBy(() -> await(receiver.receive(directory, ONE, 500)))
        .hasMessageContaining("the disk is nearly full");
    assertThat(names()).isEmpty();
    assertThat(asked).hasSize(11).endsWith(9L, 11L);
  }

  @Test
  void roomIsPromisedOnce() {
    DiskRoom room = new DiskRoom(free::get, KEPT_FREE, 2, Duration.ZERO);
    free.set(KEPT_FREE + (20 << 20));
    assertThat(room.bytes()).isEqualTo(10 << 20);
    assertThat(room.await("one", 6 << 20)).isEmpty();
    assertThat(room.await("one", 6 << 20)).isEmpty();
    assertThat(room.await("two", 5 << 20))
        .hasValueSatisfying(why -> assertThat(why).contains("beside 6 MiB on their way"));
    room.left("one", 5 << 20);
    assertThat(room.await("two", 5 << 20)).isEmpty();
    room.forget("one");
    assertThat(room.await("two", 10 << 20)).isEmpty();
    assertThat(room.isTight()).isFalse();
  }

  @Test
  void noMoreThanAllowedAreSentAtATime() throws Exception {
    assertThat(transfers.tryBegin()).isTrue();
    assertThat(transfers.tryBegin()).isTrue();
    CompletableFuture<TermIndex> waiting = receiver.receive(directory, ONE, 500);
    Awaitility.await().until(() -> asked.size() >= 2);
    assertThat(waiting).isNotDone();
    transfers.end();
    await(waiting);
    // Its place is free again at its last chunk, not when the source forgets it.
    assertThat(transfers.tryBegin()).isTrue();
  }

  @Test
  void aCrashAtAnyRenameLeavesTheOldOrTheNewReplica() throws Exception {
    Path old = directory.level();
    try (LevelStore before = LevelStore.open(old, shape)) {
      before.apply(TermIndex.valueOf(1, 5), before.newChanges());
    }
    // While it comes.
    stoppedAt(12);
    receiver.close();
    Files.createDirectories(directory.incoming());
    Files.createFile(directory.incoming().resolve("half"));
    directory.recover();
    assertThat(names()).containsExactly("level");
    assertThat(applied()).isEqualTo(TermIndex.valueOf(1, 5));
    // When it is whole.
    receiver = new SnapshotReceiver("three", RaftGroupId.randomId(), transfers, shape);
    network = UnaryOperator.identity();
    await(receiver.receive(directory, TWO, 500));
    // Between the two renames.
    Files.move(directory.level(), root.resolve("target/level.old"));
    directory.recover();
    assertThat(names()).containsExactly("level");
    assertThat(applied()).isEqualTo(AT);
    // Before the old one is deleted.
    Files.createDirectories(root.resolve("target/level.old/deep"));
    directory.recover();
    assertThat(names()).containsExactly("level");
  }

  @Test
  void bytesAreSpreadOverTimeAndNotSavedUp() {
    AtomicLong now = new AtomicLong();
    Throttle throttle = new Throttle(1_000, now::get);
    assertThat(throttle.delayNanos(500)).isZero();
    assertThat(throttle.delayNanos(250)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(500));
    assertThat(throttle.delayNanos(1)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(750));
    now.set(TimeUnit.SECONDS.toNanos(60));
    assertThat(throttle.delayNanos(2_000)).isZero();
    assertThat(throttle.delayNanos(1)).isEqualTo(TimeUnit.SECONDS.toNanos(2));
  }

  /** Fetches up to a chunk and is given up there. */
  private void stoppedAt(long number) throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    network =
        reply -> {
          if (reply.getChunk().getNumber() == number) {
            reached.countDown();
            try {
              assertThat(goOn.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
          return reply;
        };
    CompletableFuture<TermIndex> first = receiver.receive(directory, ONE, 500);
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
    receiver.interrupt("the leader has changed");
    goOn.countDown();
    assertThat(first).isCompletedExceptionally();
  }

  private static SnapshotReply ofBytes(SnapshotReply reply, long bytes) {
    return SnapshotReply.newBuilder()
        .setChunk(reply.getChunk().toBuilder().setBytesInAll(bytes))
        .build();
  }

  private static SnapshotReply flipped(SnapshotReply reply) {
    byte[] pairs = reply.getChunk().getPairs().toByteArray();
    pairs[pairs.length / 2] ^= 1;
    return SnapshotReply.newBuilder()
        .setChunk(reply.getChunk().toBuilder().setPairs(ByteString.copyFrom(pairs)))
        .build();
  }

  private LevelStore openTarget() throws IOException {
    LevelStore target = LevelStore.open(directory.level(), shape);
    open.add(target);
    return target;
  }

  private TermIndex applied() throws IOException {
    try (LevelStore target = LevelStore.open(directory.level(), shape)) {
      return target.applied().orElseThrow();
    }
  }

  private List<String> names() {
    String[] names = directory.root().toFile().list();
    Arrays.sort(names);
    return List.of(names);
  }

  private static List<String> pairs(LevelStore store) {
    List<String> pairs = new ArrayList<>();
    try (Scan scan = store.scan(ALL)) {
      scan.forEachRemaining(
          p -> pairs.add(Arrays.toString(p.key()) + "=" + Arrays.toString(p.value())));
    }
    return pairs;
  }

  private static TermIndex await(CompletableFuture<TermIndex> received) throws Exception {
    return received.get(Duration.ofSeconds(30).toSeconds(), TimeUnit.SECONDS);
  }

  private final class TestConnection implements SnapshotTransfers.Connection {
    private final RaftPeer peer;

    TestConnection(RaftPeer peer) {
      this.peer = peer;
    }

    @Override
    public SnapshotReply ask(SnapshotRequest request) throws IOException {
      asked.add(request.getNumber());
      try {
        byte[] reply =
            (peer.equals(ONE) ? one : two)
                .answer(request.toByteString().asReadOnlyByteBuffer())
                .get(10, TimeUnit.SECONDS);
        return network.apply(SnapshotReply.parseFrom(reply));
      } catch (Exception e) {
        throw new IOException(e);
      }
    }

    @Override
    public void close() {}
  }
}
