package dev.staffetta.mailbox;

import dev.staffetta.mailbox.MailboxCommand.Copy;
import dev.staffetta.mailbox.MailboxCommand.MoveAnswered;
import dev.staffetta.mailbox.MailboxCommand.Receive;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.Answer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Messages that a mailbox offers to others of its account, to be copied or moved there. The target
 * takes all or none of them, and answers an operation that it has seen as it did before: so an
 * offer may be made again. Belongs to the mailbox's actor; used on its thread only.
 */
final class Offers {
  private final MailboxNeighbours neighbours;
  private final ActorContext<MailboxCommand> context;

  /** Moves whose target has been asked and has not answered. */
  private final Set<ContentId> movesUnderWay = new HashSet<>();

  Offers(MailboxNeighbours neighbours, ActorContext<MailboxCommand> context) {
    this.neighbours = neighbours;
    this.context = context;
  }

  /** What is not answered is not known to have happened: the same copy may be asked for again. */
  void copy(MailboxState source, Copy copy) {
    offer(source, copy.operation(), copy.uids(), copy.target())
        .exceptionally(failure -> Answer.unavailable())
        .thenAccept(copy.replyTo()::tell);
  }

  /** Makes the offers of all moves that were started and whose target has not been asked. */
  void move(MailboxState source) {
    source.moves().keySet().stream()
        .filter(movesUnderWay::add)
        .forEach(operation -> move(source, operation));
  }

  private void move(MailboxState source, ContentId operation) {
    MailboxState.Move move = source.moves().get(operation);
    context.pipeToSelf(
        offer(source, operation, move.uids(), move.target()),
        (answer, failure) ->
            new MoveAnswered(
                operation,
                failure == null ? answer : Answer.unavailable(),
                context.getSystem().ignoreRef()));
  }

  /** The target of a move has answered, or has not been reached. */
  void answered(ContentId operation) {
    movesUnderWay.remove(operation);
  }

  private CompletionStage<Answer<Transfer>> offer(
      MailboxState source, ContentId operation, UidSet uids, long target) {
    List<Message> messages = source.messages().stream(uids).toList();
    return neighbours.receive(
        new MailboxId(source.id().account(), target),
        replyTo ->
            new Receive(operation, source.highestModseq(), source.keywords(), messages, replyTo));
  }
}
