package dev.staffetta.sharding;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where an entity is: the node, its store and the shard.
 *
 * @param <M> what the entity is told
 */
public interface Place<M> {
  /**
   * The sequence number of the entity's last change that the store has, 0 for none. It is no lower
   * than that of any change which was acknowledged anywhere before the call; fails when this node
   * cannot be sure of that, such as when it leads no more.
   */
  CompletionStage<Long> lastChange();

  /** Whether the disk here has room for more. */
  boolean hasRoom();

  /** Asks the shard to stop an entity, losing no message to it. */
  void passivate(ActorRef<M> entity);
}
