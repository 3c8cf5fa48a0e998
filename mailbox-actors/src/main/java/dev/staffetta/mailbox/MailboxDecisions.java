package dev.staffetta.mailbox;

import dev.staffetta.mailbox.MailboxChange.FlagsChanged;
import dev.staffetta.mailbox.MailboxCommand.Expunged;
import dev.staffetta.mailbox.MailboxCommand.Stored;
import dev.staffetta.mailbox.MailboxState.Stage;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Decision;
import dev.staffetta.store.content.Reference;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.pekko.Done;

/** What a mailbox does on each command: pure functions of its state. */
final class MailboxDecisions {
  private MailboxDecisions() {}

  /** RFC 9051 6.3.12, and delivery. */
  static Decision<MailboxChange, Mailboxes.Appended> append(
      MailboxState state, MailboxCommand.Append command, MailboxLimits limits) {
    requireOpen(state);
    OptionalLong before = state.placed().uid(command.content());
    if (before.isPresent()) {
      return Decision.answer(
          new Mailboxes.Appended(state.uidValidity(), before.getAsLong(), state.highestModseq()));
    }
    requireRoom(state, 1, limits);
    FlagNames flags = FlagNames.of(command.flags(), state.keywords());
    Message message =
        new Message(
            state.uidNext(),
            flags.bits(),
            state.highestModseq() + 1,
            command.size(),
            command.internalDate().truncatedTo(ChronoUnit.SECONDS),
            command.content());
    List<MailboxChange> changes = new ArrayList<>(keywords(flags.added()));
    changes.add(new MailboxChange.Appended(message, command.small().stream().toList()));
    return Decision.answer(
        new Mailboxes.Appended(state.uidValidity(), message.uid(), message.modseq()), changes);
  }

  /** The target's side of RFC 9051 6.4.7 and 6.4.8: COPY and MOVE. */
  static Decision<MailboxChange, Transfer> receive(
      MailboxState state, MailboxCommand.Receive command, MailboxLimits limits) {
    requireOpen(state);
    Optional<Transfer> before = state.transfers().find(command.operation());
    if (before.isPresent()) {
      return Decision.answer(before.get());
    }
    int count = command.messages().size();
    if (count > limits.copied()) {
      throw new Refusal(
          Refusal.Code.LIMIT, "at most " + limits.copied() + " messages can be copied at a time");
    }
    requireRoom(state, count, limits);
    UidSet source = UidSet.ofAscending(command.messages().stream().mapToLong(Message::uid));
    long modseq = state.highestModseq() + 1;
    if (count == 0) {
      return Decision.answer(
          new Transfer(
              source,
              state.uidValidity(),
              state.uidNext(),
              command.sourceModseq(),
              state.highestModseq()));
    }
    KeywordTranslation keywords =
        KeywordTranslation.of(command.keywords(), command.messages(), state.keywords());
    List<Message> messages = new ArrayList<>(count);
    for (Message message : command.messages()) {
      messages.add(
          new Message(
              state.uidNext() + messages.size(),
              keywords.translate(message.flags()),
              modseq,
              message.size(),
              message.internalDate(),
              message.content()));
    }
    List<MailboxChange> changes = new ArrayList<>(keywords(keywords.added()));
    changes.add(
        new MailboxChange.Copied(
            command.operation(), source, command.sourceModseq(), modseq, messages));
    return Decision.answer(
        new Transfer(source, state.uidValidity(), state.uidNext(), command.sourceModseq(), modseq),
        changes);
  }

  /** RFC 9051 6.4.6; a message that has the flags already is not changed. */
  static Decision<MailboxChange, Stored> store(
      MailboxState state, MailboxCommand.StoreFlags command, MailboxLimits limits) {
    requireOpen(state);
    Optional<Stored> before = state.stores().find(command.operation());
    if (before.isPresent()) {
      return Decision.answer(before.get());
    }
    MessageTable table = state.messages();
    PrimitiveIterator.OfInt numbers = table.sequenceNumbers(command.uids()).iterator();
    FlagNames names =
        command.mode() == Mailboxes.StoreMode.REMOVE
            ? new FlagNames(FlagNames.known(command.flags(), state.keywords()), List.of())
            : FlagNames.of(command.flags(), state.keywords());
    Map<Long, List<Long>> uidsByFlags = new TreeMap<>();
    List<Long> modified = new ArrayList<>();
    OptionalLong next = OptionalLong.empty();
    int changed = 0;
    while (numbers.hasNext()) {
      Message message = table.get(numbers.nextInt());
      if (changed == limits.flagged()) {
        next = OptionalLong.of(message.uid());
        break;
      }
      if (command.unchangedSince().isPresent()
          && message.modseq() > command.unchangedSince().get()) {
        modified.add(message.uid());
        continue;
      }
      long flags = combine(command.mode(), message.flags(), names.bits());
      if (flags != message.flags()) {
        uidsByFlags.computeIfAbsent(flags, f -> new ArrayList<>()).add(message.uid());
        changed++;
      }
    }
    UidSet left = ascending(modified);
    if (changed == 0) {
      return Decision.answer(new Stored(state.highestModseq(), left, next));
    }
    long modseq = state.highestModseq() + 1;
    List<FlagsChanged.Group> groups = new ArrayList<>();
    uidsByFlags.forEach(
        (flags, uids) -> groups.add(new FlagsChanged.Group(ascending(uids), flags)));
    List<MailboxChange> changes = new ArrayList<>(keywords(names.added()));
    changes.add(new FlagsChanged(modseq, groups));
    Stored stored = new Stored(modseq, left, next);
    if (command.unchangedSince().isPresent()) {
      changes.add(new MailboxChange.StoreRemembered(command.operation(), stored));
    }
    return Decision.answer(stored, changes);
  }

  private static long combine(Mailboxes.StoreMode mode, long flags, long named) {
    return switch (mode) {
      case REPLACE -> named;
      case ADD -> flags | named;
      case REMOVE -> flags & ~named;
    };
  }

  /** RFC 9051 6.4.3 and 6.4.9. */
  static Decision<MailboxChange, Expunged> expunge(
      MailboxState state, MailboxCommand.Expunge command, MailboxLimits limits) {
    requireOpen(state);
    MessageTable table = state.messages();
    LongStream uids;
    if (command.which() instanceof Mailboxes.Expunge.Exactly exactly) {
      uids = table.sequenceNumbers(exactly.uids()).mapToLong(table::uid);
    } else {
      UidSet among = among(command.which());
      uids = table.uidsWithFlags(Flags.DELETED).filter(among::contains);
    }
    long[] first = uids.limit(limits.removed() + 1L).toArray();
    boolean isWhole = first.length <= limits.removed();
    UidSet taken = UidSet.ofAscending(LongStream.of(first).limit(limits.removed()));
    if (taken.isEmpty()) {
      return Decision.answer(new Expunged(state.highestModseq(), taken, true));
    }
    long modseq = state.highestModseq() + 1;
    return Decision.answer(
        new Expunged(modseq, taken, isWhole),
        List.of(new MailboxChange.Expunged(modseq, taken, references(table, taken))));
  }

  /** The messages that an expunge looks at. */
  static UidSet among(Mailboxes.Expunge which) {
    if (which instanceof Mailboxes.Expunge.DeletedAmong among) {
      return among.uids();
    }
    return which instanceof Mailboxes.Expunge.Exactly exactly ? exactly.uids() : UidSets.ALL;
  }

  /** The source's side of RFC 9051 6.4.8: notes what is to go where, before anything goes. */
  static Decision<MailboxChange, Transfer> move(
      MailboxState state, MailboxCommand.Move command, MailboxLimits limits) {
    requireOpen(state);
    Optional<Transfer> before = state.transfers().find(command.operation());
    if (before.isPresent()) {
      return Decision.answer(before.get());
    }
    if (state.moves().containsKey(command.operation())) {
      return Decision.later(List.of());
    }
    MessageTable table = state.messages();
    UidSet uids =
        UidSet.ofAscending(
            table.sequenceNumbers(command.uids()).limit(limits.removed()).mapToLong(table::uid));
    if (uids.isEmpty()) {
      return Decision.answer(Transfer.none(state));
    }
    return Decision.later(
        List.of(new MailboxChange.MoveStarted(command.operation(), uids, command.target())));
  }

  /** The target has the messages, or will not have them. */
  static Decision<MailboxChange, Transfer> moveAnswered(
      MailboxState state, MailboxCommand.MoveAnswered command) {
    MailboxState.Move move = state.moves().get(command.operation());
    if (move == null) {
      return Decision.later(List.of());
    }
    if (command.answer() instanceof Answer.Refused<Transfer> refused) {
      return new Decision<>(
          List.of(new MailboxChange.MoveAbandoned(command.operation())), Optional.of(refused));
    }
    Transfer there = command.answer().orRefuse();
    long modseq = state.highestModseq() + 1;
    Transfer transfer =
        new Transfer(
            move.uids(),
            there.targetUidValidity(),
            there.targetFirstUid(),
            modseq,
            there.targetModseq());
    return Decision.answer(
        transfer,
        List.of(
            new MailboxChange.MoveFinished(
                command.operation(),
                modseq,
                there.targetUidValidity(),
                there.targetFirstUid(),
                there.targetModseq(),
                references(state.messages(), move.uids()))));
  }

  static Decision<MailboxChange, Done> takeRecent(MailboxState state) {
    return state.stage() != Stage.OPEN || state.recentFrom() == state.uidNext()
        ? Decision.answer(Done.getInstance())
        : Decision.answer(
            Done.getInstance(), List.of(new MailboxChange.RecentTaken(state.uidNext())));
  }

  static Decision<MailboxChange, Done> delete(MailboxState state, MailboxCommand.Delete command) {
    boolean isOther = state.uidValidity() > command.uidValidity();
    if (state.stage() == Stage.ABSENT || isOther) {
      return Decision.answer(Done.getInstance());
    }
    if (state.stage() == Stage.DELETED) {
      return state.messages().isEmpty()
          ? Decision.answer(Done.getInstance())
          : Decision.later(List.of());
    }
    return state.messages().isEmpty()
        ? Decision.answer(Done.getInstance(), List.of(new MailboxChange.Deleted()))
        : Decision.later(List.of(new MailboxChange.Deleted()));
  }

  static Decision<MailboxChange, Done> letGo(MailboxState state, MailboxLimits limits) {
    MessageTable table = state.messages();
    if (state.stage() != Stage.DELETED || table.isEmpty()) {
      return Decision.answer(Done.getInstance());
    }
    UidSet uids =
        UidSet.ofAscending(
            LongStream.rangeClosed(1, Math.min(limits.removed(), table.size()))
                .map(n -> table.uid((int) n)));
    MailboxChange change =
        new MailboxChange.Expunged(state.highestModseq() + 1, uids, references(table, uids));
    return uids.size() == table.size()
        ? Decision.answer(Done.getInstance(), List.of(change))
        : Decision.later(List.of(change));
  }

  private static void requireOpen(MailboxState state) {
    if (state.stage() != Stage.OPEN) {
      throw new Refusal(Refusal.Code.NONEXISTENT, "the mailbox does not exist");
    }
  }

  private static void requireRoom(MailboxState state, int more, MailboxLimits limits) {
    if (state.messages().size() + more > limits.messages()) {
      throw new Refusal(
          Refusal.Code.LIMIT, "a mailbox has at most " + limits.messages() + " messages");
    }
    // RFC 9051 2.3.1.1: UIDs are 32 bits wide and never used again.
    if (state.uidNext() + more > UidSets.last(UidSets.ALL)) {
      throw new Refusal(Refusal.Code.LIMIT, "the mailbox has no UIDs left: make a new one");
    }
  }

  private static List<MailboxChange> keywords(List<String> added) {
    return added.isEmpty() ? List.of() : List.of(new MailboxChange.KeywordsAdded(added));
  }

  private static List<Reference> references(MessageTable table, UidSet uids) {
    return table.stream(uids).map(MailboxChange::reference).toList();
  }

  private static UidSet ascending(List<Long> uids) {
    return UidSet.ofAscending(uids.stream().mapToLong(Long::longValue));
  }
}
