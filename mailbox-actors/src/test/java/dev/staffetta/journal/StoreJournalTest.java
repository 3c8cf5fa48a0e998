package dev.staffetta.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.mime.MessageParser;
import dev.staffetta.ports.ContentId;
import dev.staffetta.store.Keys;
import dev.staffetta.store.Stores;
import dev.staffetta.store.WriteBatch;
import dev.staffetta.store.content.Reference;
import dev.staffetta.store.content.SmallContent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.Actor;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.JournalProtocol.DeleteMessagesTo;
import org.apache.pekko.persistence.JournalProtocol.RecoverySuccess;
import org.apache.pekko.persistence.JournalProtocol.ReplayMessages;
import org.apache.pekko.persistence.JournalProtocol.ReplayedMessage;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageFailure;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageRejected;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageSuccess;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.JournalProtocol.WriteMessagesFailed;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** What Pekko asks of any journal, and what ours promises beyond it. */
class StoreJournalTest {
  private static final String WRITER = UUID.randomUUID().toString();
  private static final int INSTANCE = 7;

  @TempDir static Path directory;
  private static StoreSystem node;
  private static int entities;

  private final TestKit probe = new TestKit(node.system());
  private String id;

  @BeforeAll
  static void open() {
    node = new StoreSystem(directory);
  }

  @AfterAll
  static void close() {
    node.close();
  }

  @BeforeEach
  void freshEntity() {
    id = "Test|entity" + entities++ + "@example.com/1";
  }

  private void writeFive() {
    write(LongStream.rangeClosed(1, 5).mapToObj(n -> atomic(event(n, "a-" + n))).toList());
    expectSuccess(1, 5);
  }

  @Test
  void replaysAllEvents() {
    writeFive();
    assertThat(replay(1, Long.MAX_VALUE, Long.MAX_VALUE))
        .extracting(PersistentRepr::payload)
        .containsExactly("a-1", "a-2", "a-3", "a-4", "a-5");
    assertThat(highest()).isEqualTo(5);
  }

  @Test
  void replaysFromALowerBound() {
    writeFive();
    assertThat(numbers(replay(3, Long.MAX_VALUE, Long.MAX_VALUE))).containsExactly(3L, 4L, 5L);
  }

  @Test
  void replaysToAnUpperBound() {
    writeFive();
    assertThat(numbers(replay(1, 3, Long.MAX_VALUE))).containsExactly(1L, 2L, 3L);
  }

  @Test
  void replaysNoMoreThanAsked() {
    writeFive();
    assertThat(numbers(replay(1, Long.MAX_VALUE, 3))).containsExactly(1L, 2L, 3L);
  }

  @Test
  void replaysBetweenBounds() {
    writeFive();
    assertThat(numbers(replay(2, 3, Long.MAX_VALUE))).containsExactly(2L, 3L);
    assertThat(numbers(replay(2, 5, 2))).containsExactly(2L, 3L);
  }

  @Test
  void replaysOneWhereBoundsAreEqualOrTheLimitIsOne() {
    writeFive();
    assertThat(numbers(replay(2, 2, Long.MAX_VALUE))).containsExactly(2L);
    assertThat(numbers(replay(2, 4, 1))).containsExactly(2L);
  }

  @Test
  void replaysNothingWhereThereIsNothingToReplay() {
    writeFive();
    assertThat(replay(1, 5, 0)).isEmpty();
    assertThat(replay(3, 2, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void anEntityThatNeverWroteHasNothing() {
    assertThat(replay(1, Long.MAX_VALUE, Long.MAX_VALUE)).isEmpty();
    assertThat(highest()).isZero();
  }

  @Test
  void deletedEventsAreNotReplayed() {
    writeFive();
    delete(3);
    assertThat(numbers(replay(1, Long.MAX_VALUE, Long.MAX_VALUE))).containsExactly(4L, 5L);
  }

  @Test
  void deletionLeavesTheHighestSequenceNumber() {
    writeFive();
    delete(3);
    assertThat(highest()).isEqualTo(5);
    delete(5);
    assertThat(highest()).isEqualTo(5);
    assertThat(replay(1, Long.MAX_VALUE, Long.MAX_VALUE)).isEmpty();
    write(List.of(atomic(event(6, "a-6"))));
    expectSuccess(6, 6);
    assertThat(numbers(replay(1, Long.MAX_VALUE, Long.MAX_VALUE))).containsExactly(6L);
  }

  @Test
  void deletionOfEverythingThereIsAndMoreSucceeds() {
    writeFive();
    delete(Long.MAX_VALUE);
    assertThat(highest()).isEqualTo(5);
  }

  @Test
  void manyEventsAreDeletedInSeveralBatches() {
    for (int i = 0; i < 5; i++) {
      long first = i * 500L + 1;
      write(LongStream.range(first, first + 500).mapToObj(n -> atomic(event(n, "e"))).toList());
      expectSuccess(first, first + 499);
    }
    delete(2_400);
    assertThat(numbers(replay(1, Long.MAX_VALUE, Long.MAX_VALUE)))
        .containsExactlyElementsOf(LongStream.rangeClosed(2_401, 2_500).boxed().toList());
  }

  @Test
  void entitiesWhoseIdsBeginAlikeAreNotMixedUp() {
    writeFive();
    String first = id;
    id = first + "0";
    write(List.of(atomic(event(1, "other"))));
    expectSuccess(1, 1);
    assertThat(numbers(replay(1, Long.MAX_VALUE, Long.MAX_VALUE))).containsExactly(1L);
    id = first;
    assertThat(numbers(replay(1, Long.MAX_VALUE, Long.MAX_VALUE))).hasSize(5);
  }

  @Test
  void eventsKeepSerializerManifestWriterTimestampAndMetadata() {
    PersistentRepr event =
        PersistentRepr.apply(
                FactSerializer.fact("it rains"), 1, id, "adapted", false, Actor.noSender(), WRITER)
            .withTimestamp(123_456)
            .withMetadata("meta");
    write(List.of(atomic(event)));
    probe.expectMsgClass(Object.class);
    probe.expectMsgClass(WriteMessageSuccess.class);
    PersistentRepr read = replay(1, 1, 1).get(0);
    assertThat(read.payload()).isEqualTo(FactSerializer.fact("it rains"));
    assertThat(read.manifest()).isEqualTo("adapted");
    assertThat(read.timestamp()).isEqualTo(123_456);
    assertThat(read.metadata().get()).isEqualTo("meta");
    assertThat(read.writerUuid()).isEqualTo(WRITER);
    assertThat(read.persistenceId()).isEqualTo(id);
    assertThat(read.deleted()).isFalse();
  }

  @Test
  void anEventOfAnOlderVersionIsStillRead() {
    write(List.of(atomic(event(1, FactSerializer.fact("x")))));
    expectSuccess(1, 1);
    int partition = EntityPartition.of(node.store(), id);
    byte[] key = Keys.event(id, 1);
    byte[] stored = node.store().reader(partition).get(key).orElseThrow();
    String old = new String(stored, java.nio.charset.StandardCharsets.ISO_8859_1);
    Stores.await(
        node.store()
            .write(
                partition,
                WriteBatch.builder()
                    .put(
                        key,
                        old.replace("fact-2", "fact-1")
                            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                    .build()));
    assertThat(replay(1, 1, 1).get(0).payload()).isEqualTo(FactSerializer.fact("old x"));
  }

  @Test
  void tagsAreTakenOff() {
    write(List.of(atomic(event(1, new Tagged("payload", java.util.Set.of("tag"))))));
    expectSuccess(1, 1);
    assertThat(replay(1, 1, 1).get(0).payload()).isEqualTo("payload");
  }

  @Test
  void anEventThatCannotBeSerialisedIsRejectedAndTheOthersAreWritten() {
    writeFive();
    Object unknown = new Object();
    write(List.of(atomic(event(6, "b-6")), atomic(event(7, unknown)), atomic(event(8, "b-8"))));
    probe.expectMsgClass(Object.class);
    assertThat(probe.expectMsgClass(WriteMessageSuccess.class).persistent().sequenceNr())
        .isEqualTo(6);
    assertThat(probe.expectMsgClass(WriteMessageRejected.class).message().sequenceNr())
        .isEqualTo(7);
    assertThat(probe.expectMsgClass(WriteMessageSuccess.class).persistent().sequenceNr())
        .isEqualTo(8);
    assertThat(numbers(replay(6, Long.MAX_VALUE, Long.MAX_VALUE))).containsExactly(6L, 8L);
    write(List.of(atomic(event(9, unknown))));
    probe.expectMsgClass(Object.class);
    probe.expectMsgClass(WriteMessageRejected.class);
    write(List.of(atomic(event(10, "b-10"))));
    expectSuccess(10, 10);
  }

  @Test
  void eventsPersistedTogetherAreThereTogetherOrNotAtAll() {
    write(List.of(atomic(event(1, "a"), event(2, "b"), event(3, "c"))));
    expectSuccess(1, 3);
    assertThat(numbers(replay(1, Long.MAX_VALUE, Long.MAX_VALUE))).containsExactly(1L, 2L, 3L);
    write(List.of(atomic(event(4, "d"), event(5, new Object()))));
    probe.expectMsgClass(Object.class);
    probe.expectMsgClass(WriteMessageRejected.class);
    probe.expectMsgClass(WriteMessageRejected.class);
    assertThat(numbers(replay(1, Long.MAX_VALUE, Long.MAX_VALUE))).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aWriterThatIsNotTheLastOneFails() {
    writeFive();
    write(List.of(atomic(event(5, "stale"))));
    expectFailure(5);
    write(List.of(atomic(event(7, "ahead"))));
    expectFailure(7);
    assertThat(replay(5, 5, 1).get(0).payload()).isEqualTo("a-5");
    assertThat(highest()).isEqualTo(5);
  }

  @Test
  void anEventBringsItsContentAndReference() {
    ContentId content = ContentId.random();
    ByteString bytes = ByteString.fromString("Subject: hi\r\n\r\n" + "x".repeat(100_000));
    write(
        List.of(
            atomic(
                event(
                    1,
                    new Fact(
                        "received",
                        List.of(new SmallContent(content, MessageParser.parse(bytes), bytes)),
                        List.of(new Reference(content, 42)),
                        List.of())))));
    expectSuccess(1, 1);
    int partition = EntityPartition.of(node.store(), id);
    var reader = node.store().reader(partition);
    assertThat(reader.get(Keys.content(content))).isPresent();
    assertThat(reader.get(Keys.chunk(content, 0)).orElseThrow()).hasSize(65_536);
    assertThat(reader.get(Keys.chunk(content, 1)).orElseThrow()).hasSize(bytes.size() - 65_536);
    assertThat(reader.get(Keys.reference(content, id, 42))).isPresent();
    assertThat(reader.get(Keys.newestSweep(content))).isEmpty();
    assertThat(replay(1, 1, 1).get(0).payload()).isEqualTo(FactSerializer.fact("received"));

    write(
        List.of(
            atomic(
                event(
                    2,
                    new Fact(
                        "expunged", List.of(), List.of(), List.of(new Reference(content, 42)))))));
    expectSuccess(2, 2);
    assertThat(reader.get(Keys.reference(content, id, 42))).isEmpty();
    assertThat(reader.get(Keys.newestSweep(content))).isPresent();
  }

  @Test
  void anEventThatRefersToAContentThatIsNotThereFails() {
    write(
        List.of(
            atomic(
                event(
                    1,
                    new Fact(
                        "copied",
                        List.of(),
                        List.of(new Reference(ContentId.random(), 1)),
                        List.of())))));
    expectFailure(1);
    assertThat(highest()).isZero();
  }

  private PersistentRepr event(long number, Object payload) {
    return PersistentRepr.apply(payload, number, id, "", false, probe.getRef(), WRITER);
  }

  private static AtomicWrite atomic(PersistentRepr... events) {
    return AtomicWrite.apply(CollectionConverters.asScala(List.of(events)).toSeq());
  }

  private void write(List<AtomicWrite> writes) {
    List<PersistentEnvelope> envelopes = new ArrayList<>(writes);
    node.journal()
        .tell(
            new WriteMessages(
                CollectionConverters.asScala(envelopes).toSeq(), probe.getRef(), INSTANCE),
            probe.getRef());
  }

  private void expectSuccess(long first, long last) {
    // WriteMessagesSuccessful, an object of Scala, comes before.
    probe.expectMsgClass(java.time.Duration.ofSeconds(20), Object.class);
    for (long n = first; n <= last; n++) {
      assertThat(probe.expectMsgClass(WriteMessageSuccess.class).persistent().sequenceNr())
          .isEqualTo(n);
    }
  }

  private void expectFailure(long number) {
    probe.expectMsgClass(WriteMessagesFailed.class);
    assertThat(probe.expectMsgClass(WriteMessageFailure.class).message().sequenceNr())
        .isEqualTo(number);
  }

  private List<PersistentRepr> replay(long from, long to, long max) {
    node.journal().tell(new ReplayMessages(from, to, max, id, probe.getRef()), probe.getRef());
    return Stream.generate(() -> probe.expectMsgClass(Object.class))
        .takeWhile(m -> !(m instanceof RecoverySuccess))
        .map(m -> ((ReplayedMessage) m).persistent())
        .toList();
  }

  private long highest() {
    node.journal().tell(new ReplayMessages(1, 0, 0, id, probe.getRef()), probe.getRef());
    return probe.expectMsgClass(RecoverySuccess.class).highestSequenceNr();
  }

  private void delete(long to) {
    node.journal().tell(new DeleteMessagesTo(id, to, probe.getRef()), probe.getRef());
    assertThat(probe.expectMsgClass(DeleteMessagesSuccess.class).toSequenceNr()).isEqualTo(to);
  }

  private static List<Long> numbers(List<PersistentRepr> events) {
    return events.stream().map(PersistentRepr::sequenceNr).toList();
  }
}
