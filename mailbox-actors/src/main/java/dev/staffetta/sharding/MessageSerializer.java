package dev.staffetta.sharding;

import com.google.protobuf.UnsafeByteOperations;
import dev.staffetta.sharding.proto.ShardingProto.Nested;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;

/**
 * A {@link VersionedSerializer} of messages between nodes, which may name actors and carry values
 * that other serializers write. What it writes lives as long as the message; still, two versions of
 * the server may read it.
 */
public abstract class MessageSerializer extends VersionedSerializer {
  private final ExtendedActorSystem system;

  /**
   * @param identifier written beside the bytes: never to be changed
   */
  protected MessageSerializer(int identifier, ExtendedActorSystem system) {
    super(identifier);
    this.system = system;
  }

  /** An actor, as any node understands it. */
  protected final String actor(ActorRef<?> actor) {
    return actors().toSerializationFormat(actor);
  }

  /** The actor again. */
  protected final <T> ActorRef<T> actor(String actor) {
    return actors().resolveActorRef(actor);
  }

  /**
   * Not in the constructor: it starts the system's typed extensions, whose actors wait for all
   * serializers to be there, and the start of the system would stand still for 20 seconds.
   */
  private ActorRefResolver actors() {
    return ActorRefResolver.get(Adapter.toTyped(system));
  }

  /** A value in the form of its own serializer. */
  protected final Nested nested(Object value) {
    Serialization serialization = SerializationExtension.get(system);
    Serializer serializer = serialization.findSerializerFor(value);
    return Nested.newBuilder()
        .setSerializer(serializer.identifier())
        .setManifest(Serializers.manifestFor(serializer, value))
        .setData(UnsafeByteOperations.unsafeWrap(serializer.toBinary(value)))
        .build();
  }

  /** The value again. */
  protected final Object nested(Nested nested) {
    return SerializationExtension.get(system)
        .deserialize(nested.getData().toByteArray(), nested.getSerializer(), nested.getManifest())
        .get();
  }
}
