package dev.staffetta.ports;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Mailboxes by their id: what they hold, and every change to it. A change that is answered is
 * durable.
 */
public interface Mailboxes {
  /**
   * Whether the session may change the mailbox; a reader leaves \Recent alone (RFC 9051 6.3.3,
   * EXAMINE).
   */
  enum Access {
    READ_WRITE,
    READ_ONLY
  }

  /**
   * Opens a mailbox and subscribes to it.
   *
   * @param listener called in the order of events, from any thread, never at the same time; must
   *     not block
   */
  CompletionStage<OpenMailbox> open(MailboxId id, Access access, Consumer<MailboxEvent> listener);

  /** The view without a subscription. */
  CompletionStage<MailboxView> view(MailboxId id);

  /**
   * The modseq at which the mailbox stands: no lower than any that was answered to anybody before
   * this call.
   */
  default CompletionStage<Long> highestModseq(MailboxId id) {
    return view(id).thenApply(MailboxView::highestModseq);
  }

  /** How many messages there are and the like, at one moment. */
  CompletionStage<MailboxStatus> status(MailboxId id);

  /**
   * Adds a message. The spooled message's content id makes a repeated call the same append.
   *
   * @param flags names, system flags and keywords; an unknown {@code \name} is refused
   */
  CompletionStage<Appended> append(
      MailboxId id, SpooledMessage message, Set<String> flags, Instant internalDate);

  /** What an append did: the message's UID, and the modseq at which the mailbox stands. */
  record Appended(long uidValidity, long uid, long modseq) {}

  /** What STORE does with the flags it names (RFC 9051 6.4.6). */
  enum StoreMode {
    REPLACE,
    ADD,
    REMOVE
  }

  /**
   * Changes flags of those UIDs that exist.
   *
   * @param unchangedSince leave messages with a higher modseq alone (RFC 7162 3.1.3); empty: change
   *     all
   */
  CompletionStage<Stored> store(
      MailboxId id, UidSet uids, StoreMode mode, Set<String> flags, Optional<Long> unchangedSince);

  /**
   * What a store did. The listener is told of the changed rows too.
   *
   * @param modified left alone, because they had changed since
   */
  record Stored(long modseq, UidSet modified) {}

  /** Which messages an expunge takes. */
  sealed interface Expunge {
    /** Every message that has \Deleted (RFC 9051 6.4.3). */
    record AllDeleted() implements Expunge {}

    /** Those of {@code uids} that have \Deleted (RFC 9051 6.4.9, UID EXPUNGE). */
    record DeletedAmong(UidSet uids) implements Expunge {}

    /** These, whatever their flags (POP3's QUIT). */
    record Exactly(UidSet uids) implements Expunge {}
  }

  /** Removes messages for ever. */
  CompletionStage<Expunged> expunge(MailboxId id, Expunge which);

  /** What an expunge took. */
  record Expunged(long modseq, UidSet uids) {}

  /**
   * Copies messages, with flags and internal date, to another mailbox of the account, all or none
   * (RFC 9051 6.4.7).
   *
   * @param operation names this call: the same id again does not copy again
   */
  CompletionStage<Copied> copy(MailboxId from, UidSet uids, MailboxId to, ContentId operation);

  /** Copies, then removes at the source; survives a crash between the two (RFC 6851). */
  CompletionStage<Copied> move(MailboxId from, UidSet uids, MailboxId to, ContentId operation);

  /**
   * What a copy or move did.
   *
   * @param source UIDs taken, ascending, those that existed
   * @param target their new UIDs, in the same order (RFC 4315, COPYUID)
   * @param sourceModseq the modseq at which the source stands
   * @param targetModseq the modseq at which the target stands
   */
  record Copied(
      long targetUidValidity,
      List<Long> source,
      List<Long> target,
      long sourceModseq,
      long targetModseq) {
    public Copied {
      source = List.copyOf(source);
      target = List.copyOf(target);
    }
  }
}
