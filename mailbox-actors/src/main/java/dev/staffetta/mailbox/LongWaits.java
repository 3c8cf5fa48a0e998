package dev.staffetta.mailbox;

import dev.staffetta.ports.ContentId;
import dev.staffetta.sharding.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Who waits for what takes more than one write: for a move to have arrived, for a deleted mailbox
 * to be empty. Belongs to the mailbox's actor; used on its thread only.
 */
final class LongWaits {
  private final Map<ContentId, List<ActorRef<Answer<Transfer>>>> movers = new HashMap<>();
  private final List<ActorRef<Answer<Done>>> deleters = new ArrayList<>();

  void forMove(ContentId operation, ActorRef<Answer<Transfer>> asker) {
    movers.computeIfAbsent(operation, op -> new ArrayList<>()).add(asker);
  }

  void moved(ContentId operation, Answer<Transfer> answer) {
    List<ActorRef<Answer<Transfer>>> askers = movers.remove(operation);
    if (askers != null) {
      askers.forEach(asker -> asker.tell(answer));
    }
  }

  void forDeletion(ActorRef<Answer<Done>> asker) {
    deleters.add(asker);
  }

  void deleted() {
    deleters.forEach(deleter -> deleter.tell(Answer.done(Done.getInstance())));
    deleters.clear();
  }

  /** The actor ends. */
  void refuseAll() {
    movers.keySet().stream().toList().forEach(op -> moved(op, Answer.unavailable()));
    deleters.forEach(deleter -> deleter.tell(Answer.unavailable()));
  }
}
