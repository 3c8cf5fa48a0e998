package dev.staffetta.journal;

import com.google.protobuf.UnsafeByteOperations;
import dev.staffetta.journal.proto.Payload;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;

/** Objects to bytes and back by Pekko's serializers, with what is needed to find the same again. */
final class Payloads {
  private final Serialization serialization;

  Payloads(ActorSystem system) {
    this.serialization = SerializationExtension.get(system);
  }

  /** Throws whatever the serializer throws when it cannot. */
  Payload write(Object object) {
    Serializer serializer = serialization.findSerializerFor(object);
    return Payload.newBuilder()
        .setSerializer(serializer.identifier())
        .setManifest(Serializers.manifestFor(serializer, object))
        .setData(UnsafeByteOperations.unsafeWrap(serialization.serialize(object).get()))
        .build();
  }

  /** Throws whatever the serializer throws when it cannot. */
  Object read(Payload payload) {
    return serialization
        .deserialize(
            payload.getData().toByteArray(), payload.getSerializer(), payload.getManifest())
        .get();
  }
}
