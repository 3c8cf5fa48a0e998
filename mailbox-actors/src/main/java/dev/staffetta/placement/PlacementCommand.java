package dev.staffetta.placement;

import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.EntityMessage;
import dev.staffetta.store.StorePeer;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What the placement of replicas is told and asked. */
public sealed interface PlacementCommand extends EntityMessage {
  /** How a node stands; answered with what it is to do. */
  record Report(NodeReport report, ActorRef<NodeAgent.Message> replyTo)
      implements PlacementCommand {}

  /** What a node is to do. Nobody asked for it who would miss it: it comes again. */
  record Orders(long number, NodeState state, List<Step> steps, List<StorePeer> peers)
      implements EntityMessage, NodeAgent.Message {
    public Orders {
      steps = List.copyOf(steps);
      peers = List.copyOf(peers);
    }
  }

  /** An administrator wants something else of a node. */
  record ChangeNode(String node, NodeState state, boolean force, ActorRef<Answer> replyTo)
      implements PlacementCommand {
    @Override
    public void refuse(Refusal.Code code, String text) {
      replyTo.tell(Answer.no(code, text));
    }
  }

  /** Which nodes there are, and what is wanted of them. */
  record GetNodes(ActorRef<Answer> replyTo) implements PlacementCommand {
    @Override
    public void refuse(Refusal.Code code, String text) {
      replyTo.tell(Answer.no(code, text));
    }
  }

  /**
   * The answer.
   *
   * @param refusal why not; empty: done
   * @param text what is being done, or why it is not
   * @param nodes all of them, if that was the question
   */
  record Answer(Optional<Refusal.Code> refusal, String text, List<NodeRecord> nodes)
      implements EntityMessage {
    public Answer {
      nodes = List.copyOf(nodes);
    }

    static Answer no(Refusal.Code code, String text) {
      return new Answer(Optional.of(code), text, List.of());
    }

    static Answer yes(String text) {
      return new Answer(Optional.empty(), text, List.of());
    }
  }

  /** To itself. */
  enum Signal implements PlacementCommand, ToItself {
    /** Look whether something has come to its end, or somebody is silent. */
    TICK,
    /** Leave. */
    STOP
  }
}
