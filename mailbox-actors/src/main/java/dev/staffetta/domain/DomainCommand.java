package dev.staffetta.domain;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.DecidedCommand;
import dev.staffetta.sharding.Decision;
import dev.staffetta.sharding.EntityMessage;
import dev.staffetta.sharding.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.ActorRef;

/** What a domain may be asked. Local parts are lower-case. */
public sealed interface DomainCommand extends EntityMessage {

  /** A command that may change the domain; answered with whether it did. */
  sealed interface Change
      extends DomainCommand, DecidedCommand<DomainState, DomainChange, DomainContext, Boolean> {}

  /**
   * A change that must not be made twice: it has an id, and one that was made is answered so
   * however often it is sent again.
   */
  sealed interface Once extends Change {
    ContentId operation();

    /** The first time. */
    Decision<DomainChange, Boolean> decideFirst(DomainState state);

    @Override
    default Decision<DomainChange, Boolean> decide(DomainState state, DomainContext context) {
      if (state.operations().find(operation()).isPresent()) {
        return Decision.answer(true);
      }
      Decision<DomainChange, Boolean> first = decideFirst(state);
      if (first.changes().isEmpty()) {
        return first;
      }
      List<DomainChange> changes = new ArrayList<>(first.changes());
      changes.add(new DomainChange.OperationDone(operation()));
      return new Decision<>(changes, first.answer());
    }
  }

  /** Makes the domain. */
  record Create(ContentId operation, ActorRef<Answer<Boolean>> replyTo) implements Once {
    @Override
    public Decision<DomainChange, Boolean> decideFirst(DomainState state) {
      return DomainDecisions.create(state);
    }
  }

  /** Removes the domain, if it has no accounts. */
  record Remove(ContentId operation, ActorRef<Answer<Boolean>> replyTo) implements Once {
    @Override
    public Decision<DomainChange, Boolean> decideFirst(DomainState state) {
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
  record RemoveAlias(ContentId operation, String localPart, ActorRef<Answer<Boolean>> replyTo)
      implements Once {
    @Override
    public Decision<DomainChange, Boolean> decideFirst(DomainState state) {
      return DomainDecisions.removeAlias(state, this);
    }
  }

  /** Takes a key to sign with. */
  record AddDkimKey(ContentId operation, DomainKey key, ActorRef<Answer<Boolean>> replyTo)
      implements Once {
    @Override
    public Decision<DomainChange, Boolean> decideFirst(DomainState state) {
      return DkimDecisions.add(state, key);
    }
  }

  /** Signs with a key from now on. */
  record ActivateDkimKey(String selector, ActorRef<Answer<Boolean>> replyTo) implements Change {
    @Override
    public Decision<DomainChange, Boolean> decide(DomainState state, DomainContext context) {
      return DkimDecisions.activate(state, selector);
    }
  }

  /** Forgets a key. */
  record RemoveDkimKey(ContentId operation, String selector, ActorRef<Answer<Boolean>> replyTo)
      implements Once {
    @Override
    public Decision<DomainChange, Boolean> decideFirst(DomainState state) {
      return DkimDecisions.remove(state, selector);
    }
  }

  /**
   * A question whose answer must not be older than what was answered to anybody before it.
   *
   * @param <R> what is answered
   */
  sealed interface Read<R> extends DomainCommand, Question<R> {}

  /** Who has a local part: as written, without its {@code +detail}, or as postmaster. */
  record Resolve(String localPart, ActorRef<Answer<Resolution>> replyTo)
      implements Read<Resolution> {}

  /** All local parts of accounts, ascending. */
  record ListAccounts(ActorRef<Answer<List<String>>> replyTo) implements Read<List<String>> {}

  /** All aliases, ascending. */
  record ListAliases(ActorRef<Answer<List<Directory.Alias>>> replyTo)
      implements Read<List<Directory.Alias>> {}

  /** All keys to sign with. */
  record ListDkimKeys(ActorRef<Answer<DomainKeys>> replyTo) implements Read<DomainKeys> {}

  /**
   * What the store has of this domain, read after it was sure that its node leads.
   *
   * @param sequenceNumber of the last change; empty: nobody can say
   */
  record StoreSaid(OptionalLong sequenceNumber) implements DomainCommand, ToItself {}

  /** To itself: time to do what the signal is named for. */
  enum Signal implements DomainCommand, ToItself {
    /** Write what has gathered. */
    FLUSH,
    /** Nobody has said anything for long. */
    IDLE,
    /** Leave. */
    STOP
  }
}
