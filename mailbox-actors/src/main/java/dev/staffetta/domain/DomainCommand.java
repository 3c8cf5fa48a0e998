package dev.staffetta.domain;

import dev.staffetta.ports.Directory;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.DecidedCommand;
import dev.staffetta.sharding.Decision;
import dev.staffetta.sharding.EntityMessage;
import dev.staffetta.sharding.Question;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What a domain may be asked. Local parts are lower-case. */
public sealed interface DomainCommand extends EntityMessage {

  /** A command that may change the domain; answered with whether it did. */
  sealed interface Change
      extends DomainCommand, DecidedCommand<DomainState, DomainChange, DomainContext, Boolean> {}

  /** Makes the domain. */
  record Create(ActorRef<Answer<Boolean>> replyTo) implements Change {
    @Override
    public Decision<DomainChange, Boolean> decide(DomainState state, DomainContext context) {
      return DomainDecisions.create(state);
    }
  }

  /** Removes the domain, if it has no accounts. */
  record Remove(ActorRef<Answer<Boolean>> replyTo) implements Change {
    @Override
    public Decision<DomainChange, Boolean> decide(DomainState state, DomainContext context) {
      return DomainDecisions.remove(state);
    }
  }

  /** Lists an account. */
  record AddAccount(String localPart, ActorRef<Answer<Boolean>> replyTo) implements Change {
    @Override
    public Decision<DomainChange, Boolean> decide(DomainState state, DomainContext context) {
      return DomainDecisions.addAccount(state, this);
    }
  }

  /** Lists an account no more. */
  record RemoveAccount(String localPart, ActorRef<Answer<Boolean>> replyTo) implements Change {
    @Override
    public Decision<DomainChange, Boolean> decide(DomainState state, DomainContext context) {
      return DomainDecisions.removeAccount(state, this);
    }
  }

  /** Sends mail for a local part elsewhere; replaces what it was. */
  record AddAlias(String localPart, List<MailAddress> targets, ActorRef<Answer<Boolean>> replyTo)
      implements Change {
    @Override
    public Decision<DomainChange, Boolean> decide(DomainState state, DomainContext context) {
      return DomainDecisions.addAlias(state, this, context);
    }
  }

  /** Sends it elsewhere no more. */
  record RemoveAlias(String localPart, ActorRef<Answer<Boolean>> replyTo) implements Change {
    @Override
    public Decision<DomainChange, Boolean> decide(DomainState state, DomainContext context) {
      return DomainDecisions.removeAlias(state, this);
    }
  }

  /** Who has a local part: as written, without its {@code +detail}, or as postmaster. */
  record Resolve(String localPart, ActorRef<Answer<Resolution>> replyTo)
      implements DomainCommand, Question<Resolution> {}

  /** All local parts of accounts, ascending. */
  record ListAccounts(ActorRef<Answer<List<String>>> replyTo)
      implements DomainCommand, Question<List<String>> {}

  /** All aliases, ascending. */
  record ListAliases(ActorRef<Answer<List<Directory.Alias>>> replyTo)
      implements DomainCommand, Question<List<Directory.Alias>> {}

  /** To itself: time to do what the signal is named for. */
  enum Signal implements DomainCommand {
    /** Write what has gathered. */
    FLUSH,
    /** Nobody has said anything for long. */
    IDLE,
    /** Leave. */
    STOP
  }
}
