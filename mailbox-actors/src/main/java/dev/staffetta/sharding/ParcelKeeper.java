package dev.staffetta.sharding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Holds a {@link Parcel} for one asker on another node and gives its parts out, one a request, so
 * that no more is on its way than the other side takes. A child of the entity that answered; ends
 * with the last part, with the entity, or when nobody asks any more.
 */
public final class ParcelKeeper extends AbstractBehavior<ParcelKeeper.GivePart> {
  private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(15);

  private final Parcel<?> parcel;

  /**
   * Asks for a part.
   *
   * @param number from 0; negative: nobody asks any more
   */
  public record GivePart(int number, ActorRef<Part> replyTo) implements EntityMessage {}

  /** One part. */
  public record Part(int number, EntityMessage content) implements EntityMessage {}

  private ParcelKeeper(ActorContext<GivePart> context, Parcel<?> parcel) {
    super(context);
    this.parcel = parcel;
    context.setReceiveTimeout(
        FORGOTTEN_AFTER, new GivePart(-1, context.getSystem().<Part>ignoreRef()));
  }

  /** Answers with the value itself, or in parts where the asker is on another node. */
  public static <R> void answer(
      ActorContext<?> entity, ActorRef<Answer<R>> replyTo, Parcel<R> parcel) {
    if (isHere(replyTo)) {
      replyTo.tell(Answer.done(parcel.value()));
    } else if (parcel.parts() <= 1) {
      List<EntityMessage> parts = parcel.parts() == 0 ? List.of() : List.of(parcel.part(0));
      replyTo.tell(new Answer.InParts<>(parcel.label(), parts, parts.size(), Optional.empty()));
    } else {
      ActorRef<GivePart> keeper =
          entity.spawnAnonymous(Behaviors.setup(context -> new ParcelKeeper(context, parcel)));
      replyTo.tell(
          new Answer.InParts<>(parcel.label(), List.of(), parcel.parts(), Optional.of(keeper)));
    }
  }

  /** Whether an actor is on this node. */
  public static boolean isHere(ActorRef<?> actor) {
    return actor.path().address().hasLocalScope();
  }

  /**
   * Puts a parcel together.
   *
   * @param patience for each part
   * @return fails when the keeper does not answer
   */
  public static <R> CompletionStage<R> open(
      Answer.InParts<R> parcel, Duration patience, ActorSystem<?> system) {
    if (parcel.keeper().isEmpty()) {
      return CompletableFuture.completedStage(parcel.label().open(parcel.parts()));
    }
    CompletableFuture<R> opened = new CompletableFuture<>();
    fetch(parcel, parcel.keeper().get(), new ArrayList<>(), patience, system, opened);
    return opened;
  }

  private static <R> void fetch(
      Answer.InParts<R> parcel,
      ActorRef<GivePart> keeper,
      List<EntityMessage> parts,
      Duration patience,
      ActorSystem<?> system,
      CompletableFuture<R> opened) {
    AskPattern.<GivePart, Part>ask(
            keeper, replyTo -> new GivePart(parts.size(), replyTo), patience, system.scheduler())
        .whenComplete(
            (part, failure) -> {
              if (failure != null) {
                opened.completeExceptionally(failure);
                return;
              }
              parts.add(part.content());
              if (parts.size() < parcel.count()) {
                fetch(parcel, keeper, parts, patience, system, opened);
              } else {
                try {
                  opened.complete(parcel.label().open(parts));
                } catch (RuntimeException e) {
                  opened.completeExceptionally(e);
                }
              }
            });
  }

  @Override
  public Receive<GivePart> createReceive() {
    return newReceiveBuilder().onMessage(GivePart.class, this::onGivePart).build();
  }

  private Behavior<GivePart> onGivePart(GivePart command) {
    if (command.number() < 0 || command.number() >= parcel.parts()) {
      return Behaviors.stopped();
    }
    command.replyTo().tell(new Part(command.number(), parcel.part(command.number())));
    return command.number() == parcel.parts() - 1 ? Behaviors.stopped() : this;
  }
}
