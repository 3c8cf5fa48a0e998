package dev.staffetta.domain;

import dev.staffetta.config.AccountSettings;
import dev.staffetta.domain.DomainCommand.Change;
import dev.staffetta.domain.DomainCommand.ListAccounts;
import dev.staffetta.domain.DomainCommand.ListAliases;
import dev.staffetta.domain.DomainCommand.Resolve;
import dev.staffetta.domain.DomainCommand.Signal;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Batch;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
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

/**
 * One domain. Owns the list of its accounts and its aliases; every {@link DomainChange} changes
 * them, and nothing else does. Commands that come while a write is under way are written together,
 * so an import of many accounts costs few writes. A crash leaves the changes of whole batches only.
 *
 * <p>A domain that does not exist leaves memory as soon as it has said so.
 */
public final class Domain extends EventSourcedBehavior<DomainCommand, DomainChange, DomainState> {
  private static final int BATCH_BYTES = 256 * 1024;
  private static final DomainContext LIMITS = new DomainContext(1000);

  private final String name;
  private final AccountSettings settings;
  private final Optional<MailAddress> postmaster;
  private final Consumer<ActorRef<DomainCommand>> passivate;
  private final ActorContext<DomainCommand> context;

  // What follows is this incarnation's alone and is used on the actor's thread only.

  private final Queue<Change> gathered = new ArrayDeque<>();
  private Optional<Batch<DomainState, DomainChange, DomainContext>> writing = Optional.empty();
  private boolean isFlushDue;

  /**
   * A domain.
   *
   * @param postmaster gets mail for postmaster where the domain has no such account or alias
   * @param passivate asks the shard to stop it, losing no message to it
   */
  public static Behavior<DomainCommand> create(
      String name,
      AccountSettings settings,
      Optional<MailAddress> postmaster,
      Consumer<ActorRef<DomainCommand>> passivate) {
    return Behaviors.setup(context -> new Domain(name, settings, postmaster, passivate, context));
  }

  private Domain(
      String name,
      AccountSettings settings,
      Optional<MailAddress> postmaster,
      Consumer<ActorRef<DomainCommand>> passivate,
      ActorContext<DomainCommand> context) {
    super(PersistenceId.ofUniqueId("Domain|" + name));
    this.name = name;
    this.settings = settings;
    this.postmaster = postmaster;
    this.passivate = passivate;
    this.context = context;
    context.setReceiveTimeout(settings.idleTimeout(), Signal.IDLE);
  }

  @Override
  public DomainState emptyState() {
    return DomainState.absent(name);
  }

  @Override
  public CommandHandler<DomainCommand, DomainChange, DomainState> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(Change.class, this::onChange)
        .onCommand(Resolve.class, this::onResolve)
        .onCommand(ListAccounts.class, this::onListAccounts)
        .onCommand(ListAliases.class, this::onListAliases)
        .onCommand(Signal.class, this::onSignal)
        .build();
  }

  @Override
  public EventHandler<DomainState, DomainChange> eventHandler() {
    return (state, change) -> change.applyTo(state);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(settings.snapshotEvery(), 1)
        .withDeleteEventsOnSnapshot();
  }

  @Override
  public SignalHandler<DomainState> signalHandler() {
    return newSignalHandlerBuilder().onSignal(PostStop.instance(), state -> refuseAll()).build();
  }

  private Effect<DomainChange, DomainState> onChange(DomainState state, Change change) {
    gathered.add(change);
    flushSoon();
    return Effect().none();
  }

  /** Behind all commands that have come meanwhile, so that they are gathered first. */
  private void flushSoon() {
    if (!isFlushDue) {
      isFlushDue = true;
      context.getSelf().tell(Signal.FLUSH);
    }
  }

  private Effect<DomainChange, DomainState> onFlush(DomainState state) {
    isFlushDue = false;
    Batch<DomainState, DomainChange, DomainContext> batch =
        new Batch<>(state, LIMITS, (before, change) -> change.applyTo(before));
    while (!gathered.isEmpty() && batch.weightInBytes() < BATCH_BYTES) {
      batch.take(gathered.poll());
    }
    if (!gathered.isEmpty()) {
      flushSoon();
    }
    if (batch.changes().isEmpty()) {
      batch.answer();
      leaveIfAbsent(state);
      return Effect().none();
    }
    writing = Optional.of(batch);
    return Effect()
        .persist(batch.changes())
        .thenRun(
            after -> {
              writing = Optional.empty();
              batch.answer();
            });
  }

  private Effect<DomainChange, DomainState> onResolve(DomainState state, Resolve command) {
    command
        .replyTo()
        .tell(Answer.done(DomainDecisions.resolve(state, command.localPart(), postmaster)));
    leaveIfAbsent(state);
    return Effect().none();
  }

  private Effect<DomainChange, DomainState> onListAccounts(
      DomainState state, ListAccounts command) {
    return answer(state, command.replyTo(), s -> List.copyOf(s.accounts().keySet()));
  }

  private Effect<DomainChange, DomainState> onListAliases(DomainState state, ListAliases command) {
    return answer(
        state,
        command.replyTo(),
        s ->
            s.aliases().entrySet().stream()
                .map(
                    alias ->
                        new Directory.Alias(
                            new MailAddress(alias.getKey(), name), alias.getValue()))
                .toList());
  }

  private <R> Effect<DomainChange, DomainState> answer(
      DomainState state, ActorRef<Answer<R>> replyTo, Function<DomainState, R> value) {
    try {
      DomainDecisions.requireExists(state);
      replyTo.tell(Answer.done(value.apply(state)));
    } catch (Refusal refusal) {
      replyTo.tell(Answer.refused(refusal));
      leaveIfAbsent(state);
    }
    return Effect().none();
  }

  private Effect<DomainChange, DomainState> onSignal(DomainState state, Signal signal) {
    return switch (signal) {
      case FLUSH -> onFlush(state);
      case IDLE -> {
        passivate.accept(context.getSelf());
        yield Effect().none();
      }
      case STOP -> Effect().stop();
    };
  }

  private void leaveIfAbsent(DomainState state) {
    if (!state.exists() && gathered.isEmpty()) {
      passivate.accept(context.getSelf());
    }
  }

  private void refuseAll() {
    writing.ifPresent(Batch::refuse);
    gathered.forEach(Batch::refuse);
  }
}
