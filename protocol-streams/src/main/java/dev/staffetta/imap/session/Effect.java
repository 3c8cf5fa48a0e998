package dev.staffetta.imap.session;

import dev.staffetta.imap.search.SearchRequest;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxStatus;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.SpecialUse;
import dev.staffetta.ports.Spool;
import dev.staffetta.ports.UidSet;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.util.ByteString;

/**
 * What a session asks of the ports, or of its own connection.
 *
 * @param <T> the answer
 */
public sealed interface Effect<T> {
  /** Carries it out. */
  CompletionStage<T> run(Surroundings surroundings);

  /** Is this the password? */
  record Authenticate(String user, String password, InetAddress client)
      implements Effect<AccountId> {
    @Override
    public CompletionStage<AccountId> run(Surroundings surroundings) {
      return surroundings.accounts().authenticate(user, password, client);
    }

    /** Without the password, which no log must show. */
    @Override
    public String toString() {
      return "Authenticate[" + user + "]";
    }
  }

  /** Which mailboxes are there? */
  record ReadTree(AccountId account) implements Effect<FolderTree> {
    @Override
    public CompletionStage<FolderTree> run(Surroundings surroundings) {
      return surroundings.folders().tree(account);
    }
  }

  /** Makes a mailbox. */
  record CreateMailbox(AccountId account, String name, Optional<SpecialUse> use)
      implements Effect<MailboxId> {
    @Override
    public CompletionStage<MailboxId> run(Surroundings surroundings) {
      return surroundings.folders().create(account, name, use);
    }
  }

  /** Deletes a mailbox. */
  record DeleteMailbox(AccountId account, String name) implements Effect<Done> {
    @Override
    public CompletionStage<Done> run(Surroundings surroundings) {
      return done(surroundings.folders().delete(account, name));
    }
  }

  /** Renames a mailbox. */
  record RenameMailbox(AccountId account, String from, String to) implements Effect<Done> {
    @Override
    public CompletionStage<Done> run(Surroundings surroundings) {
      return done(surroundings.folders().rename(account, from, to));
    }
  }

  /** Adds a name to the subscriptions. */
  record Subscribe(AccountId account, String name) implements Effect<Done> {
    @Override
    public CompletionStage<Done> run(Surroundings surroundings) {
      return done(surroundings.folders().subscribe(account, name));
    }
  }

  /** Takes a name from the subscriptions. */
  record Unsubscribe(AccountId account, String name) implements Effect<Done> {
    @Override
    public CompletionStage<Done> run(Surroundings surroundings) {
      return done(surroundings.folders().unsubscribe(account, name));
    }
  }

  /**
   * Opens a mailbox; what happens in it comes as {@link Input.Stands} and {@link Input.Gone}.
   *
   * @param subscription a number that no other opening of this session has
   */
  record Open(MailboxId mailbox, Mailboxes.Access access, long subscription)
      implements Effect<OpenMailbox> {
    @Override
    public CompletionStage<OpenMailbox> run(Surroundings surroundings) {
      return surroundings.open(mailbox, access, subscription);
    }
  }

  /** Ends an opening. */
  record CloseMailbox(OpenMailbox mailbox) implements Effect<Done> {
    @Override
    public CompletionStage<Done> run(Surroundings surroundings) {
      mailbox.close();
      return CompletableFuture.completedFuture(Done.done());
    }
  }

  /** How does this mailbox stand, in numbers? */
  record Status(MailboxId mailbox) implements Effect<MailboxStatus> {
    @Override
    public CompletionStage<MailboxStatus> run(Surroundings surroundings) {
      return surroundings.mailboxes().status(mailbox);
    }
  }

  /** At which modseq does this mailbox stand? */
  record HighestModseq(MailboxId mailbox) implements Effect<Long> {
    @Override
    public CompletionStage<Long> run(Surroundings surroundings) {
      return surroundings.mailboxes().highestModseq(mailbox);
    }
  }

  /** Starts to take a message in. */
  record StartMessage() implements Effect<Spool.Writer> {
    @Override
    public CompletionStage<Spool.Writer> run(Surroundings surroundings) {
      return CompletableFuture.completedFuture(surroundings.startMessage());
    }
  }

  /** The next bytes of the message. */
  record TakeChunk(Spool.Writer message, ByteString bytes) implements Effect<Done> {
    @Override
    public CompletionStage<Done> run(Surroundings surroundings) {
      return done(message.append(bytes));
    }
  }

  /** The message is whole: puts it into a mailbox. */
  record Append(Spool.Writer message, MailboxId mailbox, Set<String> flags, Instant internalDate)
      implements Effect<Mailboxes.Appended> {
    @Override
    public CompletionStage<Mailboxes.Appended> run(Surroundings surroundings) {
      surroundings.placing(message);
      return message
          .finish()
          .whenComplete((spooled, failure) -> discardIf(failure != null))
          .thenCompose(
              spooled ->
                  surroundings
                      .mailboxes()
                      .append(mailbox, spooled, flags, internalDate)
                      .whenComplete((appended, failure) -> spooled.release()));
    }

    private void discardIf(boolean hasFailed) {
      if (hasFailed) {
        message.discard();
      }
    }
  }

  /** Gives a message up. */
  record Discard(Spool.Writer message) implements Effect<Done> {
    @Override
    public CompletionStage<Done> run(Surroundings surroundings) {
      message.discard();
      return CompletableFuture.completedFuture(Done.done());
    }
  }

  /** Changes flags. */
  record Store(MailboxId mailbox, UidSet uids, Mailboxes.StoreMode mode, Set<String> flags)
      implements Effect<Mailboxes.Stored> {
    @Override
    public CompletionStage<Mailboxes.Stored> run(Surroundings surroundings) {
      return surroundings.mailboxes().store(mailbox, uids, mode, flags, Optional.empty());
    }
  }

  /** Removes messages. */
  record Expunge(MailboxId mailbox, Mailboxes.Expunge which) implements Effect<Mailboxes.Expunged> {
    @Override
    public CompletionStage<Mailboxes.Expunged> run(Surroundings surroundings) {
      return surroundings.mailboxes().expunge(mailbox, which);
    }
  }

  /** Copies messages. */
  record Copy(MailboxId from, UidSet uids, MailboxId to) implements Effect<Mailboxes.Copied> {
    @Override
    public CompletionStage<Mailboxes.Copied> run(Surroundings surroundings) {
      return surroundings.mailboxes().copy(from, uids, to, ContentId.random());
    }
  }

  /** Moves messages. */
  record Move(MailboxId from, UidSet uids, MailboxId to) implements Effect<Mailboxes.Copied> {
    @Override
    public CompletionStage<Mailboxes.Copied> run(Surroundings surroundings) {
      return surroundings.mailboxes().move(from, uids, to, ContentId.random());
    }
  }

  /** Which messages match? Answered by their UIDs. */
  record Search(SearchRequest request) implements Effect<UidSet> {
    @Override
    public CompletionStage<UidSet> run(Surroundings surroundings) {
      return surroundings.search(request);
    }
  }

  /**
   * Waits until events have told how the mailbox stood at a modseq or later, but not for ever.
   * Answered by how it stands as far as they told.
   */
  record AwaitView(long subscription, long modseq) implements Effect<MailboxView> {
    @Override
    public CompletionStage<MailboxView> run(Surroundings surroundings) {
      return surroundings.viewAt(subscription, modseq);
    }
  }

  /** Waits until the client has taken the reply with this ticket. */
  record AwaitTaken(long ticket) implements Effect<Taken> {
    @Override
    public CompletionStage<Taken> run(Surroundings surroundings) {
      return surroundings.taken(ticket);
    }
  }

  /**
   * What became of the responses to a FETCH.
   *
   * @param isBroken they failed, before their first byte
   * @param missing sequence numbers of messages that are not among them
   */
  record Taken(boolean isBroken, List<Integer> missing) {
    public Taken {
      missing = List.copyOf(missing);
    }

    /** Whether the client has all that it asked for. */
    boolean isWhole() {
      return !isBroken && missing.isEmpty();
    }
  }

  private static CompletionStage<Done> done(CompletionStage<Void> stage) {
    return stage.thenApply(nothing -> Done.done());
  }
}
