package dev.staffetta.domain;

import dev.staffetta.config.AccountSettings;
import dev.staffetta.domain.DomainCommand.Change;
import dev.staffetta.domain.DomainCommand.ListAccounts;
import dev.staffetta.domain.DomainCommand.ListAliases;
import dev.staffetta.domain.DomainCommand.ListDkimKeys;
import dev.staffetta.domain.DomainCommand.Read;
import dev.staffetta.domain.DomainCommand.Resolve;
import dev.staffetta.domain.DomainCommand.Signal;
import dev.staffetta.domain.DomainCommand.StoreSaid;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Arrivals;
import dev.staffetta.sharding.Batch;
import dev.staffetta.sharding.ConfirmedQuestions;
import dev.staffetta.sharding.ParcelKeeper;
import dev.staffetta.sharding.Place;
import dev.staffetta.sharding.TextParcel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
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
 * <p>A domain that does not exist leaves memory soon after it has said so.
 */
public final class Domain extends EventSourcedBehavior<DomainCommand, DomainChange, DomainState> {
  private static final int BATCH_BYTES = 256 * 1024;

  /**
   * How long one that does not exist stays to say so: who sends mail elsewhere asks for each
   * recipient twice, and recovering to answer is dear.
   */
  private static final Duration ABSENT_STAYS = Duration.ofSeconds(3);

  private static final DomainContext LIMITS = new DomainContext(1000);

  private final String name;
  private final AccountSettings settings;
  private final Optional<MailAddress> postmaster;
  private final Place<DomainCommand> place;
  private final Arrivals<DomainCommand> arrivals;
  private final ActorContext<DomainCommand> context;

  // What follows is this incarnation's alone and is used on the actor's thread only.

  private final ConfirmedQuestions<Read<?>> questions;
  private final Queue<Change> gathered = new ArrayDeque<>();
  private Optional<Batch<DomainState, DomainChange, DomainContext>> writing = Optional.empty();
  private boolean isFlushDue;

  /**
   * A domain.
   *
   * @param postmaster gets mail for postmaster where the domain has no such account or alias
   * @param place where it is
   */
  public static Behavior<DomainCommand> create(
      String name,
      AccountSettings settings,
      Optional<MailAddress> postmaster,
      Place<DomainCommand> place) {
    return Arrivals.of(
        DomainCommand.class,
        arrivals ->
            Behaviors.setup(
                context -> new Domain(name, settings, postmaster, place, arrivals, context)));
  }

  private Domain(
      String name,
      AccountSettings settings,
      Optional<MailAddress> postmaster,
      Place<DomainCommand> place,
      Arrivals<DomainCommand> arrivals,
      ActorContext<DomainCommand> context) {
    super(PersistenceId.ofUniqueId("Domain|" + name));
    this.name = name;
    this.settings = settings;
    this.postmaster = postmaster;
    this.place = place;
    this.arrivals = arrivals;
    this.context = context;
    this.questions = new ConfirmedQuestions<>(context, place, StoreSaid::new);
    context.setReceiveTimeout(settings.idleTimeout(), Signal.IDLE);
  }

  @Override
  public DomainState emptyState() {
    return DomainState.absent(name);
  }

  @Override
  public CommandHandler<DomainCommand, DomainChange, DomainState> commandHandler() {
    return arrivals.seenBy(
        newCommandHandlerBuilder()
            .forAnyState()
            .onCommand(Change.class, this::onChange)
            .onCommand(Read.class, this::onQuestion)
            .onCommand(StoreSaid.class, this::onStoreSaid)
            .onCommand(Signal.class, this::onSignal)
            .build());
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
        new Batch<>(state, LIMITS, place::hasRoom, (before, change) -> change.applyTo(before));
    while (!gathered.isEmpty() && batch.weightInBytes() < BATCH_BYTES) {
      batch.take(gathered.poll());
    }
    if (!gathered.isEmpty()) {
      flushSoon();
    }
    if (batch.changes().isEmpty()) {
      batch.answer();
      stayAsLongAs(state);
      return Effect().none();
    }
    writing = Optional.of(batch);
    return Effect()
        .persist(batch.changes())
        .thenRun(
            after -> {
              writing = Optional.empty();
              batch.answer();
              stayAsLongAs(after);
            });
  }

  // Questions: nothing is told that may be old.

  private Effect<DomainChange, DomainState> onQuestion(DomainState state, Read<?> question) {
    questions.add(question);
    return Effect().none();
  }

  private Effect<DomainChange, DomainState> onStoreSaid(DomainState state, StoreSaid said) {
    boolean isCurrent =
        questions.storeSaid(
            said.sequenceNumber(),
            lastSequenceNumber(context),
            question -> answer(state, question));
    if (!isCurrent) {
      place.passivate(context.getSelf());
    } else {
      stayAsLongAs(state);
    }
    return Effect().none();
  }

  private void answer(DomainState state, Read<?> question) {
    try {
      if (question instanceof Resolve resolve) {
        Resolution resolution = DomainDecisions.resolve(state, resolve.localPart(), postmaster);
        resolve.replyTo().tell(Answer.done(resolution));
      } else if (question instanceof ListAccounts list) {
        DomainDecisions.requireExists(state);
        List<String> accounts = List.copyOf(state.accounts().keySet());
        ParcelKeeper.answer(context, list.replyTo(), new TextParcel(accounts));
      } else if (question instanceof ListAliases list) {
        DomainDecisions.requireExists(state);
        ParcelKeeper.answer(context, list.replyTo(), new AliasesParcel(aliases(state)));
      } else if (question instanceof ListDkimKeys list) {
        DomainDecisions.requireExists(state);
        list.replyTo().tell(Answer.done(new DomainKeys(List.copyOf(state.dkimKeys().values()))));
      }
    } catch (Refusal refusal) {
      question.refuse(refusal.code(), refusal.getMessage());
    }
  }

  private List<Directory.Alias> aliases(DomainState state) {
    return state.aliases().entrySet().stream()
        .map(alias -> new Directory.Alias(new MailAddress(alias.getKey(), name), alias.getValue()))
        .toList();
  }

  private Effect<DomainChange, DomainState> onSignal(DomainState state, Signal signal) {
    return switch (signal) {
      case FLUSH -> onFlush(state);
      case IDLE -> {
        place.passivate(context.getSelf());
        yield Effect().none();
      }
      case STOP -> Effect().stop();
    };
  }

  private void stayAsLongAs(DomainState state) {
    context.setReceiveTimeout(state.exists() ? settings.idleTimeout() : ABSENT_STAYS, Signal.IDLE);
  }

  private void refuseAll() {
    writing.ifPresent(Batch::refuse);
    gathered.forEach(Batch::refuse);
    questions.refuseAll();
  }
}
