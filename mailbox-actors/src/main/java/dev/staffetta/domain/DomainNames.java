package dev.staffetta.domain;

import dev.staffetta.domain.DomainNamesChange.Added;
import dev.staffetta.domain.DomainNamesChange.Names;
import dev.staffetta.domain.DomainNamesChange.Removed;
import dev.staffetta.domain.DomainNamesCommand.Add;
import dev.staffetta.domain.DomainNamesCommand.ListAll;
import dev.staffetta.domain.DomainNamesCommand.Remove;
import dev.staffetta.domain.DomainNamesCommand.Signal;
import dev.staffetta.sharding.Answer;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.pcollections.TreePMap;

/**
 * The list of all domains; there is one in the cluster. It is only for whoever wants to see them
 * all: whether a domain exists, the {@link Domain} itself knows.
 */
public final class DomainNames
    extends EventSourcedBehavior<DomainNamesCommand, DomainNamesChange, Names> {
  /** The entity's id. */
  public static final String ID = "all";

  private static final int SNAPSHOT_EVERY = 200;

  /** The list. */
  public static Behavior<DomainNamesCommand> create() {
    return new DomainNames();
  }

  private DomainNames() {
    super(PersistenceId.ofUniqueId("DomainNames|" + ID));
  }

  @Override
  public Names emptyState() {
    return new Names(TreePMap.empty());
  }

  @Override
  public CommandHandler<DomainNamesCommand, DomainNamesChange, Names> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(Add.class, this::onAdd)
        .onCommand(Remove.class, this::onRemove)
        .onCommand(ListAll.class, this::onListAll)
        .onCommand(Signal.class, signal -> Effect().stop())
        .build();
  }

  @Override
  public EventHandler<Names, DomainNamesChange> eventHandler() {
    return (names, change) -> change.applyTo(names);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 1).withDeleteEventsOnSnapshot();
  }

  private Effect<DomainNamesChange, Names> onAdd(Names names, Add command) {
    return names.byName().containsKey(command.name())
        ? Effect().reply(command.replyTo(), Answer.done(false))
        : Effect()
            .persist(new Added(command.name()))
            .thenReply(command.replyTo(), after -> Answer.done(true));
  }

  private Effect<DomainNamesChange, Names> onRemove(Names names, Remove command) {
    return names.byName().containsKey(command.name())
        ? Effect()
            .persist(new Removed(command.name()))
            .thenReply(command.replyTo(), after -> Answer.done(true))
        : Effect().reply(command.replyTo(), Answer.done(false));
  }

  private Effect<DomainNamesChange, Names> onListAll(Names names, ListAll command) {
    return Effect().reply(command.replyTo(), Answer.done(List.copyOf(names.byName().keySet())));
  }
}
