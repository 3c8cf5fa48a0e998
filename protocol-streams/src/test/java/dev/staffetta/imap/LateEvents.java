package dev.staffetta.imap;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxStatus;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.ports.UidSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Mailboxes whose events come when a test wants them, after the answers of what caused them, or not
 * at all. For one thread.
 */
final class LateEvents implements Mailboxes {
  private record Listener(Queue<MailboxEvent> events, Consumer<MailboxEvent> listener) {}

  private final Mailboxes mailboxes;
  private final List<Listener> listeners = new ArrayList<>();

  LateEvents(Mailboxes mailboxes) {
    this.mailboxes = mailboxes;
  }

  /** Delivers all events. */
  void deliver() {
    for (Listener each : List.copyOf(listeners)) {
      while (!each.events().isEmpty()) {
        each.listener().accept(each.events().poll());
      }
    }
  }

  /** Delivers or loses some of the events. */
  void deliverSome(Random random, boolean loses) {
    for (Listener each : List.copyOf(listeners)) {
      while (!each.events().isEmpty() && random.nextInt(4) > 0) {
        MailboxEvent event = each.events().poll();
        if (!loses || random.nextInt(3) > 0) {
          each.listener().accept(event);
        }
      }
    }
  }

  @Override
  public CompletionStage<OpenMailbox> open(
      MailboxId id, Access access, Consumer<MailboxEvent> listener) {
    Listener late = new Listener(new ConcurrentLinkedQueue<>(), listener);
    listeners.add(late);
    return mailboxes.open(id, access, late.events()::add).thenApply(open -> closing(open, late));
  }

  private OpenMailbox closing(OpenMailbox open, Listener late) {
    return new OpenMailbox() {
      @Override
      public MailboxView view() {
        return open.view();
      }

      @Override
      public long recentFrom() {
        return open.recentFrom();
      }

      /** All that was held back or lost is made up for. */
      @Override
      public void refresh() {
        late.events().clear();
        var unused =
            mailboxes
                .view(open.view().id())
                .thenAccept(view -> late.listener().accept(new MailboxEvent.Resynchronised(view)));
      }

      @Override
      public void close() {
        listeners.remove(late);
        open.close();
      }
    };
  }

  @Override
  public CompletionStage<MailboxView> view(MailboxId id) {
    return mailboxes.view(id);
  }

  @Override
  public CompletionStage<MailboxStatus> status(MailboxId id) {
    return mailboxes.status(id);
  }

  @Override
  public CompletionStage<Appended> append(
      MailboxId id, SpooledMessage message, Set<String> flags, Instant internalDate) {
    return mailboxes.append(id, message, flags, internalDate);
  }

  @Override
  public CompletionStage<Stored> store(
      MailboxId id, UidSet uids, StoreMode mode, Set<String> flags, Optional<Long> unchangedSince) {
    return mailboxes.store(id, uids, mode, flags, unchangedSince);
  }

  @Override
  public CompletionStage<Expunged> expunge(MailboxId id, Expunge which) {
    return mailboxes.expunge(id, which);
  }

  @Override
  public CompletionStage<Copied> copy(
      MailboxId from, UidSet uids, MailboxId to, ContentId operation) {
    return mailboxes.copy(from, uids, to, operation);
  }

  @Override
  public CompletionStage<Copied> move(
      MailboxId from, UidSet uids, MailboxId to, ContentId operation) {
    return mailboxes.move(from, uids, to, operation);
  }
}
