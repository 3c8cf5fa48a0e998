package dev.staffetta.store.content;

import static dev.staffetta.store.Stores.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.mime.MessageParser;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Contents;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.store.Keys;
import dev.staffetta.store.RequirementNotMetException;
import dev.staffetta.store.Store;
import dev.staffetta.store.Stores;
import dev.staffetta.store.WriteBatch;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.apache.pekko.util.ByteString;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredContentsTest {
  private static final AccountId ALICE = new AccountId("alice@example.com");
  private static final String MAILBOX = "Mailbox|alice@example.com/1";
  private static final Duration GRACE = Duration.ofHours(1);

  @TempDir static Path directory;
  private static Store store;
  private static ActorSystem system;
  private static StoredContents contents;
  private static int partition;

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private ContentSweeper sweeper;

  @BeforeAll
  static void open() {
    store = Stores.at(directory).open();
    system = ActorSystem.create("contents");
    contents =
        new StoredContents(
            store,
            Stores.settings("contents.inline-bytes = 100k").contents(),
            Materializer.matFromSystem(system));
    partition = store.partitionOf(ALICE.address());
  }

  @AfterAll
  static void close() {
    TestKit.shutdownActorSystem(system);
    store.close();
  }

  @AfterEach
  void stopSweeping() {
    if (sweeper != null) {
      sweeper.close();
    }
  }

  @Test
  void aSmallContentGoesIntoTheEventsBatch() {
    Spooled message = Spooled.of(50_000, 1_000);
    SmallContent small = await(contents.write(ALICE, message)).orElseThrow();
    assertThat(isThere(message.content())).isFalse();
    write(changes -> changes.write(small));
    assertThat(read(message.content(), 0, Long.MAX_VALUE)).isEqualTo(message.all());
  }

  @Test
  void aLargeContentIsWrittenBeforeAndReadInStretches() {
    Spooled message = Spooled.of(1_000_003, 7_001);
    assertThat(await(contents.write(ALICE, message))).isEmpty();
    ContentId content = message.content();
    assertThat(read(content, 0, Long.MAX_VALUE)).isEqualTo(message.all());
    Random random = new Random(4711);
    for (int i = 0; i < 50; i++) {
      int offset = random.nextInt(1_000_100);
      int length = random.nextInt(200_000);
      assertThat(read(content, offset, length)).isEqualTo(message.all().drop(offset).take(length));
      int small = Math.min(length, Contents.SMALL);
      assertThat(await(contents.readSmall(ALICE, content, offset, small)))
          .isEqualTo(message.all().drop(offset).take(small));
    }
    assertThat(read(content, 65_536, 65_536)).isEqualTo(message.all().slice(65_536, 131_072));
    assertThat(read(content, 65_535, 2)).isEqualTo(message.all().slice(65_535, 65_537));
    assertThat(read(content, 5, 0)).isEqualTo(ByteString.emptyByteString());
    assertThat(read(content, 2_000_000, 5)).isEqualTo(ByteString.emptyByteString());
  }

  @Test
  void aReaderIsGivenNoMoreThanItAsksFor() {
    Spooled message = Spooled.of(5_000_000, 64_000);
    await(contents.write(ALICE, message));
    AtomicInteger pulled = new AtomicInteger();
    ByteString first =
        await(
            contents
                .read(ALICE, message.content(), 0, Long.MAX_VALUE)
                .map(
                    chunk -> {
                      pulled.incrementAndGet();
                      return chunk;
                    })
                .take(1)
                .runWith(Sink.head(), system));
    assertThat(first).isEqualTo(message.all().take(first.size()));
    assertThat(pulled).hasValueLessThan(5);
  }

  @Test
  void anEmptyContentIsNothingButIsThere() {
    Spooled message = Spooled.of(0, 1);
    SmallContent small = await(contents.write(ALICE, message)).orElseThrow();
    write(changes -> changes.write(small));
    assertThat(read(message.content(), 0, 10)).isEqualTo(ByteString.emptyByteString());
  }

  @Test
  void summariesComeInTheOrderAskedFor() {
    Spooled one = Spooled.of(10, 10);
    Spooled two = Spooled.of(200_000, 10_000);
    SmallContent small = await(contents.write(ALICE, one)).orElseThrow();
    write(changes -> changes.write(small));
    await(contents.write(ALICE, two));
    assertThat(await(contents.summaries(ALICE, List.of(two.content(), one.content()))))
        .containsExactly(two.summary(), one.summary());
  }

  @Test
  void whatDoesNotExistIsRefused() {
    ContentId nothing = ContentId.random();
    assertThatThrownBy(() -> read(nothing, 0, 1))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo(Refusal.Code.NONEXISTENT));
    assertThatThrownBy(() -> await(contents.summaries(ALICE, List.of(nothing))))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void aContentShorterThanSaidIsNotFinished() {
    Spooled message = Spooled.of(300_000, 10_000);
    assertThatThrownBy(() -> await(contents.write(ALICE, message.saying(300_001))))
        .hasMessageContaining("300000");
    assertThat(isThere(message.content())).isFalse();
  }

  @Test
  void anUnreferencedContentIsSweptAfterTheGraceTime() {
    Spooled message = Spooled.of(300_000, 10_000);
    await(contents.write(ALICE, message));
    startSweeping();
    now.updateAndGet(t -> t.plus(GRACE).plusSeconds(60));
    Awaitility.await().until(() -> keysOf(message.content()) == 0);
  }

  @Test
  void aReferencedContentStaysAndGoesAfterItsLastReference() {
    Spooled message = Spooled.of(300_000, 10_000);
    Reference seven = new Reference(message.content(), 7);
    Reference eight = new Reference(message.content(), 8);
    await(contents.write(ALICE, message));
    write(changes -> changes.refer(seven, MAILBOX));
    write(changes -> changes.refer(eight, MAILBOX));
    Spooled witness = Spooled.of(300_000, 10_000);
    await(contents.write(ALICE, witness));
    startSweeping();
    now.updateAndGet(t -> t.plus(GRACE).plusSeconds(60));
    Awaitility.await().until(() -> keysOf(witness.content()) == 0);
    assertThat(read(message.content(), 0, Long.MAX_VALUE)).isEqualTo(message.all());

    write(changes -> changes.release(seven, MAILBOX));
    sweepOnceMore();
    assertThat(isThere(message.content())).isTrue();

    write(changes -> changes.release(eight, MAILBOX));
    assertThat(isThere(message.content())).isTrue();
    sweepOnceMore();
    assertThat(keysOf(message.content())).isZero();
  }

  @Test
  void aContentThatIsOfferedAgainStaysForAnotherGraceTime() {
    Spooled message = Spooled.of(300_000, 10_000);
    await(contents.write(ALICE, message));
    Instant first = Instant.now().plus(GRACE);
    Awaitility.await().until(() -> Instant.now().plus(GRACE).isAfter(first.plusMillis(50)));
    await(contents.write(ALICE, message));
    now.set(first.plusMillis(20));
    startSweeping();
    // The first mark is due, the second is not.
    Awaitility.await().until(() -> marksDueBefore(first.plusMillis(20)) == 0);
    assertThat(isThere(message.content())).isTrue();
  }

  @Test
  void whatACrashLeftOfAnUploadIsSwept() {
    ContentId content = ContentId.random();
    write(changes -> changes.sweepLater(content));
    write(changes -> changes.chunk(content, 0, new byte[100]));
    write(changes -> changes.chunk(content, 1, new byte[100]));
    startSweeping();
    now.updateAndGet(t -> t.plus(GRACE).plusSeconds(60));
    Awaitility.await().until(() -> keysOf(content) == 0);
  }

  @Test
  void aReferenceToASweptContentIsRefused() {
    assertThatThrownBy(
            () -> write(changes -> changes.refer(new Reference(ContentId.random(), 1), MAILBOX)))
        .isInstanceOf(RequirementNotMetException.class);
  }

  private void startSweeping() {
    sweeper =
        ContentSweeper.start(
            store,
            Stores.settings("contents.sweep-interval = 10ms").contents(),
            new Clock() {
              @Override
              public Instant instant() {
                return now.get();
              }

              @Override
              public ZoneId getZone() {
                return ZoneOffset.UTC;
              }

              @Override
              public Clock withZone(ZoneId zone) {
                return this;
              }
            });
  }

  /** Has another grace time pass, and waits until all marks that are due then are gone. */
  private void sweepOnceMore() {
    Instant later = now.updateAndGet(t -> Instant.now().plus(GRACE).plusSeconds(120));
    Awaitility.await().until(() -> marksDueBefore(later) == 0);
  }

  private static int marksDueBefore(Instant time) {
    int count = 0;
    try (var scan = store.reader(partition).scan(Keys.sweepsDueBefore(time))) {
      for (; scan.hasNext(); scan.next()) {
        count++;
      }
    }
    return count;
  }

  private static void write(java.util.function.Consumer<ContentChanges> what) {
    WriteBatch.Builder batch = WriteBatch.builder();
    what.accept(new ContentChanges(batch, Instant.now(), GRACE));
    await(store.write(partition, batch.build()));
  }

  private static ByteString read(ContentId content, long offset, long length) {
    return await(
        contents
            .read(ALICE, content, offset, length)
            .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), system));
  }

  private static boolean isThere(ContentId content) {
    return store.reader(partition).get(Keys.content(content)).isPresent();
  }

  private static int keysOf(ContentId content) {
    int count = isThere(content) ? 1 : 0;
    count += store.reader(partition).get(Keys.newestSweep(content)).isPresent() ? 1 : 0;
    try (var scan = store.reader(partition).scan(Keys.chunks(content))) {
      for (; scan.hasNext(); scan.next()) {
        count++;
      }
    }
    return count;
  }

  /** A message of random bytes that come in pieces. */
  private record Spooled(ContentId content, ByteString all, int piece, long size)
      implements SpooledMessage {
    static Spooled of(int size, int piece) {
      byte[] bytes = new byte[size];
      new Random(size).nextBytes(bytes);
      return new Spooled(ContentId.random(), ByteString.fromArray(bytes), piece, size);
    }

    Spooled saying(long otherSize) {
      return new Spooled(content, all, piece, otherSize);
    }

    @Override
    public MessageSummary summary() {
      return MessageParser.parse(all);
    }

    @Override
    public Source<ByteString, NotUsed> bytes() {
      return Source.range(0, Math.max(0, (all.size() - 1) / piece))
          .map(i -> all.slice(i * piece, Math.min(all.size(), (i + 1) * piece)));
    }

    @Override
    public void release() {}
  }
}
