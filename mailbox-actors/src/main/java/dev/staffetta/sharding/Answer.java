package dev.staffetta.sharding;

import dev.staffetta.ports.Refusal;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What an entity answers to a command: a value, or no.
 *
 * @param <R> the value
 */
public sealed interface Answer<R> extends EntityMessage {
  /** Done; what has changed is durable. */
  record Done<R>(R value) implements Answer<R> {
    @Override
    public R orRefuse() {
      return value;
    }
  }

  /** Not done, and why; nothing has changed, unless the code is {@code UNAVAILABLE}. */
  record Refused<R>(Refusal.Code code, String text) implements Answer<R> {
    @Override
    public R orRefuse() {
      throw new Refusal(code, text);
    }
  }

  /**
   * Done, and the value is a {@link Parcel}, since who asked is on another node. {@link Shards}
   * puts it together.
   *
   * @param parts all, or none if there is a keeper
   * @param count of all parts
   * @param keeper has the parts
   */
  record InParts<R>(
      Parcel.Label<R> label,
      List<EntityMessage> parts,
      int count,
      Optional<ActorRef<ParcelKeeper.GivePart>> keeper)
      implements Answer<R> {
    public InParts {
      parts = List.copyOf(parts);
    }

    @Override
    public R orRefuse() {
      throw new IllegalStateException("the value of " + label + " is not put together yet");
    }
  }

  /** The value; throws {@link Refusal} when the answer is no. */
  R orRefuse();

  /** A value. */
  static <R> Answer<R> done(R value) {
    return new Done<>(value);
  }

  /** The answer no. */
  static <R> Answer<R> refused(Refusal refusal) {
    return new Refused<>(refusal.code(), refusal.getMessage());
  }

  /** The answer that nobody can tell now; the same command may be sent again. */
  static <R> Answer<R> unavailable() {
    return new Refused<>(Refusal.Code.UNAVAILABLE, "temporarily unavailable, try again later");
  }

  /** Whether the same command may be answered otherwise in a while. */
  default boolean isTemporary() {
    return this instanceof Refused<R> refused && refused.code() == Refusal.Code.UNAVAILABLE;
  }
}
