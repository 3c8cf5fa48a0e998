package dev.staffetta.imap;

import dev.staffetta.imap.session.Input;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.OpenMailbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Keeps a session's view of a mailbox up to its events, so that what waits for a session that does
 * not listen is one view, however much happened.
 *
 * <p>Events come from any thread, one at a time; everything else from the session's. All that is
 * mutable is guarded by this object's lock, under which nothing is done that waits.
 */
final class MailboxFollower {
  /** How often in a row it asks for a view that is as new as an event it heard of. */
  private static final int MAX_QUESTIONS = 5;

  /** After this part of the time that is given to it, a wait hurries the subscription on. */
  private static final int HURRIED_AFTER = 20;

  private record Waiting(long modseq, CompletableFuture<Void> reached) {}

  private final long subscription;
  private final MailboxId id;
  private final Mailboxes mailboxes;
  private final Consumer<Input> inputs;
  private final List<Waiting> waiting = new ArrayList<>();

  /** Events that came before the mailbox was open. */
  private final List<MailboxEvent> early = new ArrayList<>();

  private Optional<MailboxView> view = Optional.empty();

  /** Has the subscription look whether an event was lost. */
  private volatile Runnable refresh = () -> {};

  /** The highest modseq that an event named. */
  private long heardOf;

  private boolean isLost;
  private boolean isGone;

  /**
   * @param subscription how the session calls it
   * @param inputs where the session hears of it
   */
  MailboxFollower(long subscription, MailboxId id, Mailboxes mailboxes, Consumer<Input> inputs) {
    this.subscription = subscription;
    this.id = id;
    this.mailboxes = mailboxes;
    this.inputs = inputs;
  }

  /** The mailbox is open; what its events told before counts now. */
  void opened(OpenMailbox open) {
    refresh = open::refresh;
    opened(open.view());
  }

  synchronized void opened(MailboxView first) {
    view = Optional.of(first);
    early.forEach(this::on);
    early.clear();
  }

  /** Something happened in the mailbox. */
  synchronized void on(MailboxEvent event) {
    if (isGone) {
      return;
    }
    if (view.isEmpty()) {
      early.add(event);
    } else if (event instanceof MailboxEvent.Changed changed) {
      changed(changed.modseq(), standing -> standing.after(changed));
    } else if (event instanceof MailboxEvent.Missed missed) {
      changed(missed.modseq(), standing -> standing.after(missed));
    } else if (event instanceof MailboxEvent.Resynchronised resynchronised) {
      stands(resynchronised.view());
    } else {
      gone();
    }
  }

  /**
   * The view when it got to a modseq. When that takes a while, the subscription looks whether an
   * event was lost. When the time is up, the mailbox itself is asked how it stands, and the answer
   * is the view as far as it is known.
   */
  synchronized CompletionStage<MailboxView> at(long modseq, Duration atMost) {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    if (isGone || view.orElseThrow().highestModseq() >= modseq) {
      reached.complete(null);
    } else {
      waiting.add(new Waiting(modseq, reached));
      reached.orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS);
      CompletableFuture.delayedExecutor(
              atMost.dividedBy(HURRIED_AFTER).toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> hurry(reached));
    }
    return reached.handle((nothing, timeout) -> current(timeout != null));
  }

  private void hurry(CompletableFuture<Void> reached) {
    if (!reached.isDone()) {
      refresh.run();
    }
  }

  private synchronized MailboxView current(boolean isLate) {
    waiting.removeIf(w -> w.reached().isDone());
    if (isLate) {
      ask(1);
    }
    return view.orElseThrow();
  }

  private void changed(long modseq, Function<MailboxView, Optional<MailboxView>> change) {
    heardOf = Math.max(heardOf, modseq);
    Optional<MailboxView> after = isLost ? Optional.empty() : change.apply(view.orElseThrow());
    if (after.isPresent()) {
      stands(after.get());
    } else {
      ask(MAX_QUESTIONS);
    }
  }

  /** An event was missed: asks how the mailbox stands, unless that is under way. */
  private void ask(int questions) {
    if (isLost || questions == 0) {
      return;
    }
    isLost = true;
    mailboxes
        .view(id)
        .whenComplete((answer, failure) -> answered(Optional.ofNullable(answer), questions));
  }

  /** When nobody could say, the next event asks again. */
  private synchronized void answered(Optional<MailboxView> answer, int questions) {
    isLost = false;
    if (answer.isPresent() && !isGone) {
      stands(answer.get());
      if (answer.get().highestModseq() < heardOf) {
        ask(questions - 1);
      }
    }
  }

  private void stands(MailboxView now) {
    MailboxView before = view.orElseThrow();
    if (now.uidValidity() != before.uidValidity()) {
      // Not the mailbox that the client selected: its UIDs mean nothing any more.
      gone();
    } else if (now.highestModseq() > before.highestModseq()) {
      view = Optional.of(now);
      inputs.accept(new Input.Stands(subscription, now));
      waiting.stream()
          .filter(w -> w.modseq() <= now.highestModseq())
          .toList()
          .forEach(w -> w.reached().complete(null));
    }
  }

  private void gone() {
    isGone = true;
    inputs.accept(new Input.Gone(subscription));
    List.copyOf(waiting).forEach(w -> w.reached().complete(null));
  }
}
