package dev.staffetta.journal;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.staffetta.journal.proto.StoredEvent;
import dev.staffetta.store.Keys;
import dev.staffetta.store.Scan;
import dev.staffetta.store.WriteBatch;
import dev.staffetta.store.content.ContentChanges;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.actor.Actor;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import scala.jdk.javaapi.CollectionConverters;

/** Events to a batch of the store, and back. */
final class EventFormat {
  private final Payloads payloads;
  private final Duration grace;

  EventFormat(Payloads payloads, Duration grace) {
    this.payloads = payloads;
    this.grace = grace;
  }

  /**
   * The batch that writes events which go together. It is refused unless the first of them is the
   * next one of its entity.
   */
  WriteBatch batch(AtomicWrite write, Instant now) {
    String persistenceId = write.persistenceId();
    WriteBatch.Builder batch = WriteBatch.builder();
    follow(batch, persistenceId, write.lowestSequenceNr(), write.highestSequenceNr());
    ContentChanges contents = new ContentChanges(batch, now, grace);
    boolean makesRoom = true;
    for (PersistentRepr event : events(write)) {
      Object payload = untagged(event.payload());
      batch.put(
          Keys.event(persistenceId, event.sequenceNr()), stored(event, payload).toByteArray());
      if (payload instanceof ContentReferences references) {
        references.contents().forEach(contents::write);
        references.starts().forEach(r -> contents.refer(r, persistenceId));
        references.stops().forEach(r -> contents.release(r, persistenceId));
      }
      if (payload instanceof KeyChanges changes) {
        for (KeyChanges.KeyChange change : changes.keys()) {
          if (change.isDeletion()) {
            batch.delete(change.key());
          } else {
            batch.put(change.key(), change.value());
          }
        }
      }
      makesRoom &= payload instanceof MakesRoom room && room.makesRoom();
    }
    return makesRoom ? batch.makesRoom().build() : batch.build();
  }

  /**
   * The batch of events that could not be serialised: their numbers are used up, so that the next
   * event is the next one here too.
   */
  WriteBatch rejected(AtomicWrite write) {
    WriteBatch.Builder batch = WriteBatch.builder();
    follow(batch, write.persistenceId(), write.lowestSequenceNr(), write.highestSequenceNr());
    return batch.build();
  }

  /** An event as it was written. */
  PersistentRepr event(String persistenceId, Scan.Pair pair) {
    StoredEvent stored;
    try {
      stored = StoredEvent.parseFrom(pair.value());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(
          "event " + Keys.sequenceNumber(pair.key()) + " of " + persistenceId + " cannot be read",
          e);
    }
    PersistentRepr event =
        PersistentRepr.apply(
                payloads.read(stored.getPayload()),
                Keys.sequenceNumber(pair.key()),
                persistenceId,
                stored.getAdapterManifest(),
                false,
                Actor.noSender(),
                stored.getWriter())
            .withTimestamp(stored.getTimestamp());
    return stored.hasMetadata() ? event.withMetadata(payloads.read(stored.getMetadata())) : event;
  }

  /** A sequence number as {@link Keys#highest} has it. */
  static byte[] sequenceNumber(long number) {
    return ByteBuffer.wrap(new byte[Long.BYTES]).putLong(number).array();
  }

  private static void follow(
      WriteBatch.Builder batch, String persistenceId, long first, long last) {
    byte[] highest = Keys.highest(persistenceId);
    if (first == 1) {
      batch.requireAbsent(highest);
    } else {
      batch.requireEquals(highest, sequenceNumber(first - 1));
    }
    batch.put(highest, sequenceNumber(last));
  }

  private StoredEvent stored(PersistentRepr event, Object payload) {
    StoredEvent.Builder stored =
        StoredEvent.newBuilder()
            .setPayload(payloads.write(payload))
            .setWriter(event.writerUuid())
            .setTimestamp(event.timestamp())
            .setAdapterManifest(event.manifest());
    if (event.metadata().isDefined()) {
      stored.setMetadata(payloads.write(event.metadata().get()));
    }
    return stored.build();
  }

  private static Object untagged(Object payload) {
    return payload instanceof Tagged tagged ? tagged.payload() : payload;
  }

  private static List<PersistentRepr> events(AtomicWrite write) {
    return CollectionConverters.asJava(write.payload());
  }
}
