package dev.staffetta.mailbox;

import dev.staffetta.journal.ContentReferences;
import dev.staffetta.mailbox.MailboxState.Move;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import dev.staffetta.store.content.Reference;
import dev.staffetta.store.content.SmallContent;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is written of a mailbox: each thing that happened to it, in order. How it looks in bytes
 * says {@code mailbox.proto}; those bytes are read for ever.
 *
 * <p>Where a change starts or stops referring to contents, it says so to the journal, which writes
 * that in the change's own batch. Contents and what stops are known to whoever decided the change,
 * not to whoever reads it back.
 */
public sealed interface MailboxChange extends ContentReferences {
  /** The mailbox after this. */
  MailboxState applyTo(MailboxState state);

  /** What sessions are told of it. */
  default Optional<MailboxEvent.Changed> told(MailboxState before, MailboxState after) {
    return Optional.empty();
  }

  /** That a message refers to its content. */
  static Reference reference(Message message) {
    return new Reference(message.content(), message.uid());
  }

  /** The mailbox is there, and empty. */
  record Created(long uidValidity) implements MailboxChange {
    @Override
    public MailboxState applyTo(MailboxState state) {
      return state.created(uidValidity);
    }
  }

  /** Keywords met for the first time. */
  record KeywordsAdded(List<String> keywords) implements MailboxChange {
    public KeywordsAdded {
      keywords = List.copyOf(keywords);
    }

    @Override
    public MailboxState applyTo(MailboxState state) {
      return state.withKeywords(keywords);
    }
  }

  /** A message came by APPEND or delivery. */
  record Appended(Message message, List<SmallContent> contents) implements MailboxChange {
    public Appended {
      contents = List.copyOf(contents);
    }

    @Override
    public MailboxState applyTo(MailboxState state) {
      return state
          .appended(List.of(message), message.modseq())
          .remembering(state.placed().plus(message.content(), message.uid()), state.transfers());
    }

    @Override
    public Optional<MailboxEvent.Changed> told(MailboxState before, MailboxState after) {
      return Told.of(before, after, List.of(message), List.of(), UidSet.EMPTY);
    }

    @Override
    public List<Reference> starts() {
      return List.of(reference(message));
    }
  }

  /**
   * Messages came by COPY or MOVE.
   *
   * @param source their UIDs where they came from
   * @param sourceModseq at which the source stood
   */
  record Copied(
      ContentId operation, UidSet source, long sourceModseq, long modseq, List<Message> messages)
      implements MailboxChange {
    public Copied {
      messages = List.copyOf(messages);
    }

    @Override
    public MailboxState applyTo(MailboxState state) {
      Transfer transfer =
          new Transfer(source, state.uidValidity(), state.uidNext(), sourceModseq, modseq);
      return state
          .appended(messages, modseq)
          .remembering(state.placed(), state.transfers().plus(operation, transfer));
    }

    @Override
    public Optional<MailboxEvent.Changed> told(MailboxState before, MailboxState after) {
      return Told.of(before, after, messages, List.of(), UidSet.EMPTY);
    }

    @Override
    public List<Reference> starts() {
      return messages.stream().map(MailboxChange::reference).toList();
    }
  }

  /** Flags changed. */
  record FlagsChanged(long modseq, List<Group> groups) implements MailboxChange {
    /** Messages that have the same flags now. */
    public record Group(UidSet uids, long flags) {}

    public FlagsChanged {
      groups = List.copyOf(groups);
    }

    @Override
    public MailboxState applyTo(MailboxState state) {
      MessageTable table = state.messages();
      for (Group group : groups) {
        table =
            table.withFlags(
                table.stream(group.uids())
                    .map(message -> message.withFlags(group.flags(), modseq))
                    .toList());
      }
      return state.withMessages(table, modseq);
    }

    @Override
    public Optional<MailboxEvent.Changed> told(MailboxState before, MailboxState after) {
      List<Message> changed =
          groups.stream()
              .flatMap(group -> after.messages().stream(group.uids()))
              .sorted(Comparator.comparingLong(Message::uid))
              .toList();
      return Told.of(before, after, List.of(), changed, UidSet.EMPTY);
    }
  }

  /** The change of flags written with this one is that of a conditional store. */
  record StoreRemembered(ContentId operation, MailboxCommand.Stored answer)
      implements MailboxChange {
    @Override
    public MailboxState applyTo(MailboxState state) {
      return state.remembering(operation, answer);
    }
  }

  /** Messages are gone for ever. */
  record Expunged(long modseq, UidSet uids, List<Reference> stops) implements MailboxChange {
    public Expunged {
      stops = List.copyOf(stops);
    }

    @Override
    public MailboxState applyTo(MailboxState state) {
      return state.withMessages(state.messages().without(uids), modseq);
    }

    @Override
    public Optional<MailboxEvent.Changed> told(MailboxState before, MailboxState after) {
      return Told.of(before, after, List.of(), List.of(), uids);
    }
  }

  /** Messages are about to be copied to another mailbox and then removed here. */
  record MoveStarted(ContentId operation, UidSet uids, long target) implements MailboxChange {
    @Override
    public MailboxState applyTo(MailboxState state) {
      return state.withMove(operation, new Move(uids, target));
    }
  }

  /** The target has them; they are gone here. */
  record MoveFinished(
      ContentId operation,
      long modseq,
      long targetUidValidity,
      long targetFirstUid,
      long targetModseq,
      List<Reference> stops)
      implements MailboxChange {
    public MoveFinished {
      stops = List.copyOf(stops);
    }

    @Override
    public MailboxState applyTo(MailboxState state) {
      UidSet uids = uids(state);
      Transfer transfer =
          new Transfer(uids, targetUidValidity, targetFirstUid, modseq, targetModseq);
      return state
          .withMessages(state.messages().without(uids), modseq)
          .withoutMove(operation)
          .remembering(state.placed(), state.transfers().plus(operation, transfer));
    }

    private UidSet uids(MailboxState before) {
      Move move = before.moves().get(operation);
      return move == null ? UidSet.EMPTY : move.uids();
    }

    @Override
    public Optional<MailboxEvent.Changed> told(MailboxState before, MailboxState after) {
      return Told.of(before, after, List.of(), List.of(), uids(before));
    }
  }

  /** The target would not have them; they stay. */
  record MoveAbandoned(ContentId operation) implements MailboxChange {
    @Override
    public MailboxState applyTo(MailboxState state) {
      return state.withoutMove(operation);
    }
  }

  /** A session was told of all messages below this UID. */
  record RecentTaken(long uid) implements MailboxChange {
    @Override
    public MailboxState applyTo(MailboxState state) {
      return state.withRecentFrom(uid);
    }
  }

  /** The mailbox is no more; its messages go after it. */
  record Deleted() implements MailboxChange {
    @Override
    public MailboxState applyTo(MailboxState state) {
      return state.deleted();
    }
  }
}
