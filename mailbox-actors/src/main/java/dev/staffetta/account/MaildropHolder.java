package dev.staffetta.account;

import dev.staffetta.account.AccountCommand.LockMaildrop;
import dev.staffetta.account.AccountCommand.Locked;
import dev.staffetta.account.AccountCommand.UnlockMaildrop;
import dev.staffetta.sharding.Answer;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The session that has an account's maildrop, and is watched. That somebody has it is written in
 * the state; after recovery nobody knows who, until the session has come forward. Belongs to the
 * account's actor; used on its thread only.
 */
final class MaildropHolder {
  private final ActorContext<AccountCommand> context;
  private Optional<ActorRef<Answer<Locked>>> session = Optional.empty();

  MaildropHolder(ActorContext<AccountCommand> context) {
    this.context = context;
  }

  /** Whether somebody has the maildrop who has not come forward yet. */
  boolean isMissing(AccountState state) {
    return session.isEmpty() && state.maildropLease().isPresent();
  }

  /** The lock is written: whoever took it has the maildrop, and is told. */
  void took(LockMaildrop command) {
    if (!session.equals(Optional.of(command.holder()))) {
      session.ifPresent(context::unwatch);
      session = Optional.of(command.holder());
      context.watchWith(
          command.holder(), new UnlockMaildrop(command.lease(), context.getSystem().ignoreRef()));
    }
    command.holder().tell(Answer.done(new Locked(context.getSelf())));
  }

  /** Nobody has the maildrop any more. */
  void leaves() {
    session.ifPresent(context::unwatch);
    session = Optional.empty();
  }
}
