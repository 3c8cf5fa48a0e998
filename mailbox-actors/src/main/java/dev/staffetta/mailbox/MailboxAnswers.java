package dev.staffetta.mailbox;

import dev.staffetta.mailbox.MailboxCommand.Copy;
import dev.staffetta.mailbox.MailboxCommand.GetModseq;
import dev.staffetta.mailbox.MailboxCommand.GetStatus;
import dev.staffetta.mailbox.MailboxCommand.GetView;
import dev.staffetta.mailbox.MailboxCommand.Read;
import dev.staffetta.mailbox.MailboxCommand.Subscribe;
import dev.staffetta.mailbox.MailboxCommand.Subscribed;
import dev.staffetta.mailbox.MailboxCommand.Unsubscribe;
import dev.staffetta.ports.MailboxStatus;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.ParcelKeeper;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What a mailbox answers to questions, from a state that is known to be the store's. Belongs to the
 * mailbox's actor; used on its thread only.
 */
final class MailboxAnswers {
  private final ActorContext<MailboxCommand> context;
  private final Subscribers subscribers;
  private final Offers offers;

  MailboxAnswers(ActorContext<MailboxCommand> context, Subscribers subscribers, Offers offers) {
    this.context = context;
    this.subscribers = subscribers;
    this.offers = offers;
  }

  /** Answers a question. */
  void answer(MailboxState current, Read<?> question) {
    if (question instanceof GetView get) {
      ParcelKeeper.answer(context, get.replyTo(), new ViewParcel(current.view()));
    } else if (question instanceof GetModseq get) {
      get.replyTo().tell(Answer.done(current.highestModseq()));
    } else if (question instanceof GetStatus get) {
      get.replyTo().tell(Answer.done(MailboxStatus.of(current.view(), recentFromNow(current))));
    } else if (question instanceof Subscribe subscribe) {
      subscribe(current, subscribe);
    } else if (question instanceof Copy copy) {
      offers.copy(current, copy);
    }
  }

  /** From this UID on messages are \\Recent to a session that comes now. */
  private long recentFromNow(MailboxState current) {
    return subscribers.hasWriter() ? current.uidNext() : current.recentFrom();
  }

  private void subscribe(MailboxState current, Subscribe command) {
    long recentFrom = recentFromNow(current);
    if (subscribers.add(command.subscriber(), command.access())) {
      context.watchWith(command.subscriber(), new Unsubscribe(command.subscriber()));
    }
    ParcelKeeper.answer(
        context,
        command.replyTo(),
        new SubscribedParcel(
            new Subscribed(
                MissedChanges.standing(current.view(), command.known()),
                recentFrom,
                context.getSelf())));
  }
}
