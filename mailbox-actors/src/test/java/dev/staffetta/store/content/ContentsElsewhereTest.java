package dev.staffetta.store.content;

import static dev.staffetta.store.Stores.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.mime.MessageParser;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Contents.SmallStretch;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.store.Keys;
import dev.staffetta.store.Store;
import dev.staffetta.store.StoreCluster;
import dev.staffetta.store.Stores;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.apache.pekko.util.ByteString;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes 1 and 2 have replicas of the only partition, node 3 has none. */
class ContentsElsewhereTest {
  private static final AccountId ALICE = new AccountId("alice@example.com");

  @TempDir static Path directory;
  private static StoreCluster cluster;
  private static ActorSystem system;

  @BeforeAll
  static void open() {
    cluster = StoreCluster.of(2, directory, "partitions = 1", "raft.election-timeout = 500ms");
    cluster.open(3);
    cluster.all().forEach(store -> store.know(cluster.peers(1, 2, 3)));
    system = ActorSystem.create("contents");
  }

  @AfterAll
  static void close() {
    TestKit.shutdownActorSystem(system);
    cluster.close();
  }

  @Test
  void aNodeWithoutAReplicaWritesAndReadsALargeContent() {
    Spooled message = new Spooled(3_000_001);
    assertThat(await(contents(3).write(ALICE, message))).isEmpty();
    for (int node = 1; node <= 3; node++) {
      assertThat(read(node, message.content(), 0, Long.MAX_VALUE)).isEqualTo(message.all());
      assertThat(read(node, message.content(), 65_535, 70_000))
          .isEqualTo(message.all().slice(65_535, 135_535));
      assertThat(await(contents(node).readSmall(ALICE, message.content(), 2_999_990, 60_000)))
          .isEqualTo(message.all().drop(2_999_990));
      assertThat(await(contents(node).summaries(ALICE, List.of(message.content()))))
          .containsExactly(message.summary());
    }
  }

  @Test
  void aFollowerThatLacksAContentAsksItsLeader() {
    Spooled message = new Spooled(400_000);
    Store leader = cluster.leader(0);
    await(contents(cluster.number(leader)).write(ALICE, message));
    int follower = 3 - cluster.number(leader);
    Awaitility.await()
        .until(
            () ->
                cluster.node(follower).reader(0).get(Keys.chunk(message.content(), 6)).isPresent());
    // As if it were behind: one chunk, and not the others.
    Stores.loseHere(cluster.node(follower), Keys.chunk(message.content(), 3));
    assertThat(cluster.node(follower).reader(0).get(Keys.chunk(message.content(), 3))).isEmpty();
    assertThat(read(follower, message.content(), 0, Long.MAX_VALUE)).isEqualTo(message.all());
  }

  @Test
  void manySmallStretchesComeTogetherAndWhatIsNowhereIsEmpty() {
    List<Spooled> messages =
        IntStream.range(0, 12).mapToObj(i -> new Spooled(200_000 + i)).toList();
    messages.forEach(message -> await(contents(3).write(ALICE, message)));
    List<SmallStretch> stretches =
        new ArrayList<>(
            messages.stream().map(m -> new SmallStretch(m.content(), 65_000, 5_000)).toList());
    stretches.add(5, new SmallStretch(ContentId.random(), 0, 10));
    stretches.add(new SmallStretch(messages.get(0).content(), 1_000_000, 10));
    for (int node = 1; node <= 3; node++) {
      List<Optional<ByteString>> read =
          new ArrayList<>(await(contents(node).readSmall(ALICE, stretches)));
      assertThat(read.remove(5)).isEmpty();
      assertThat(read.remove(12)).contains(ByteString.emptyByteString());
      for (int i = 0; i < 12; i++) {
        assertThat(read.get(i)).contains(messages.get(i).all().slice(65_000, 70_000));
      }
    }
  }

  @Test
  void whatIsNowhereDoesNotExist() {
    for (int node = 1; node <= 3; node++) {
      int here = node;
      assertThatThrownBy(() -> read(here, ContentId.random(), 0, 1))
          .isInstanceOfSatisfying(
              Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.NONEXISTENT));
      assertThatThrownBy(() -> await(contents(here).summaries(ALICE, List.of(ContentId.random()))))
          .isInstanceOfSatisfying(
              Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.NONEXISTENT));
    }
  }

  @Test
  void onlyTheLeaderSweeps() {
    Spooled message = new Spooled(300_000);
    await(contents(3).write(ALICE, message));
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(2));
    Store leader = cluster.leader(0);
    List<ContentSweeper> sweepers =
        cluster.all().stream()
            .map(
                store ->
                    ContentSweeper.start(
                        store, Stores.settings("contents.sweep-interval = 20ms").contents(), later))
            .toList();
    try {
      Awaitility.await()
          .until(() -> leader.reader(0).get(Keys.content(message.content())).isEmpty());
    } finally {
      sweepers.forEach(ContentSweeper::close);
    }
    assertThatThrownBy(() -> read(3, message.content(), 0, 1)).isInstanceOf(Refusal.class);
  }

  private static StoredContents contents(int node) {
    return new StoredContents(
        cluster.node(node),
        Stores.settings("contents.inline-bytes = 100k").contents(),
        Materializer.matFromSystem(system));
  }

  private static ByteString read(int node, ContentId content, long offset, long length) {
    return await(
        contents(node)
            .read(ALICE, content, offset, length)
            .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), system));
  }

  /** A message of random bytes that come in pieces. */
  private record Spooled(ContentId content, ByteString all) implements SpooledMessage {
    Spooled(int size) {
      this(ContentId.random(), ByteString.fromArray(random(size)));
    }

    private static byte[] random(int size) {
      byte[] bytes = new byte[size];
      new Random(size).nextBytes(bytes);
      return bytes;
    }

    @Override
    public long size() {
      return all.size();
    }

    @Override
    public MessageSummary summary() {
      return MessageParser.parse(all);
    }

    @Override
    public Source<ByteString, NotUsed> bytes() {
      return Source.range(0, (all.size() - 1) / 10_000)
          .map(i -> all.slice(i * 10_000, Math.min(all.size(), (i + 1) * 10_000)));
    }

    @Override
    public void release() {}
  }
}
