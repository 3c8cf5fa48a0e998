package dev.staffetta.account;

import dev.staffetta.account.AccountCommand.ChoreFailed;
import dev.staffetta.account.AccountCommand.FinishChore;
import dev.staffetta.account.AccountState.Chore;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What an account has its mailboxes do, and who waits for that. Which chores there are is written
 * in its state; here is which of them are being done. Belongs to the account's actor; used on its
 * thread only.
 */
final class Chores {
  private final AccountId id;
  private final AccountNeighbours neighbours;
  private final ActorContext<AccountCommand> context;

  /** Chores whose mailbox has been asked and has not answered. */
  private final Set<Chore> underWay = new HashSet<>();

  /** Wait for INBOX's messages to have moved to the mailbox of this number. */
  private final Map<Long, List<ActorRef<Answer<Done>>>> renamers = new HashMap<>();

  private final List<ActorRef<Answer<Boolean>>> removers = new ArrayList<>();

  Chores(AccountId id, AccountNeighbours neighbours, ActorContext<AccountCommand> context) {
    this.id = id;
    this.neighbours = neighbours;
    this.context = context;
  }

  /** Answers a renamer of INBOX when its messages are in the mailbox of a number. */
  void forRename(long target, ActorRef<Answer<Done>> renamer) {
    renamers.computeIfAbsent(target, number -> new ArrayList<>()).add(renamer);
  }

  /** Answers a remover when nothing is left to do. */
  void forRemoval(ActorRef<Answer<Boolean>> remover) {
    removers.add(remover);
  }

  /** Starts all chores that are not under way. */
  void start(AccountState state) {
    state.chores().stream()
        .filter(underWay::add)
        .forEach(
            chore ->
                context.pipeToSelf(
                    ask(chore),
                    (done, failure) ->
                        failure == null || isRefusedForGood(failure)
                            ? new FinishChore(chore, context.getSystem().ignoreRef())
                            : new ChoreFailed(chore)));
  }

  private CompletionStage<Done> ask(Chore chore) {
    if (chore instanceof Chore.MoveInbox move) {
      return neighbours.moveAll(MailboxId.inboxOf(id), new MailboxId(id, move.target()));
    }
    AccountState.Mailbox mailbox = ((Chore.DeleteMailbox) chore).mailbox();
    return neighbours.delete(new MailboxId(id, mailbox.number()), mailbox.uidValidity());
  }

  /** Such as a move to a folder that was deleted meanwhile. */
  private static boolean isRefusedForGood(Throwable failure) {
    return Refusal.of(failure).code() != Refusal.Code.UNAVAILABLE;
  }

  /** The mailbox has not answered: the chore may be started again. */
  void failed(Chore chore) {
    underWay.remove(chore);
  }

  /** A chore is done, and that is written: answers who waited for it. */
  void finished(Chore chore, AccountState after) {
    underWay.remove(chore);
    if (chore instanceof Chore.MoveInbox move && renamers.containsKey(move.target())) {
      renamers
          .remove(move.target())
          .forEach(renamer -> renamer.tell(Answer.done(Done.getInstance())));
    }
    if (after.chores().isEmpty()) {
      removers.forEach(remover -> remover.tell(Answer.done(true)));
      removers.clear();
    }
  }

  /** The actor ends. */
  void refuseAll() {
    renamers
        .values()
        .forEach(waiting -> waiting.forEach(renamer -> renamer.tell(Answer.unavailable())));
    removers.forEach(remover -> remover.tell(Answer.unavailable()));
  }
}
