package dev.staffetta.domain;

import dev.staffetta.domain.DomainNamesChange.Added;
import dev.staffetta.domain.DomainNamesChange.Names;
import dev.staffetta.domain.DomainNamesChange.Removed;
import dev.staffetta.domain.DomainNamesCommand.Add;
import dev.staffetta.domain.DomainNamesCommand.ListAll;
import dev.staffetta.domain.DomainNamesCommand.Remove;
import dev.staffetta.domain.DomainNamesCommand.Signal;
import dev.staffetta.domain.DomainNamesCommand.StoreSaid;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Arrivals;
import dev.staffetta.sharding.ConfirmedQuestions;
import dev.staffetta.sharding.ParcelKeeper;
import dev.staffetta.sharding.Place;
import dev.staffetta.sharding.TextParcel;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
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

  private final Place<DomainNamesCommand> place;
  private final Arrivals<DomainNamesCommand> arrivals;
  private final ActorContext<DomainNamesCommand> context;
  private final ConfirmedQuestions<ListAll> questions;

  /** The list. */
  public static Behavior<DomainNamesCommand> create(Place<DomainNamesCommand> place) {
    return Arrivals.of(
        DomainNamesCommand.class,
        arrivals -> Behaviors.setup(context -> new DomainNames(place, arrivals, context)));
  }

  private DomainNames(
      Place<DomainNamesCommand> place,
      Arrivals<DomainNamesCommand> arrivals,
      ActorContext<DomainNamesCommand> context) {
    super(PersistenceId.ofUniqueId("DomainNames|" + ID));
    this.place = place;
    this.arrivals = arrivals;
    this.context = context;
    this.questions = new ConfirmedQuestions<>(context, place, StoreSaid::new);
  }

  @Override
  public Names emptyState() {
    return new Names(TreePMap.empty());
  }

  @Override
  public CommandHandler<DomainNamesCommand, DomainNamesChange, Names> commandHandler() {
    return arrivals.seenBy(
        newCommandHandlerBuilder()
            .forAnyState()
            .onCommand(Add.class, this::onAdd)
            .onCommand(Remove.class, this::onRemove)
            .onCommand(ListAll.class, this::onListAll)
            .onCommand(StoreSaid.class, this::onStoreSaid)
            .onCommand(Signal.class, signal -> Effect().stop())
            .build());
  }

  @Override
  public EventHandler<Names, DomainNamesChange> eventHandler() {
    return (names, change) -> change.applyTo(names);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 1).withDeleteEventsOnSnapshot();
  }

  @Override
  public SignalHandler<Names> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(PostStop.instance(), names -> questions.refuseAll())
        .build();
  }

  /**
   * Whoever waits for a write that fails asks again: it is one of two steps that may be repeated.
   */
  private Effect<DomainNamesChange, Names> onAdd(Names names, Add command) {
    if (!names.byName().containsKey(command.name()) && !place.hasRoom()) {
      command.refuse(Refusal.Code.UNAVAILABLE, "the disk is nearly full");
      return Effect().none();
    }
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
    questions.add(command);
    return Effect().none();
  }

  private Effect<DomainNamesChange, Names> onStoreSaid(Names names, StoreSaid said) {
    boolean isCurrent =
        questions.storeSaid(
            said.sequenceNumber(),
            lastSequenceNumber(context),
            list ->
                ParcelKeeper.answer(
                    context, list.replyTo(), new TextParcel(List.copyOf(names.byName().keySet()))));
    if (!isCurrent) {
      place.passivate(context.getSelf());
    }
    return Effect().none();
  }
}
