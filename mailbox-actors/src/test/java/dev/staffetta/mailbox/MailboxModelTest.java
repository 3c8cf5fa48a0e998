package dev.staffetta.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.mailbox.MailboxCommand.Append;
import dev.staffetta.mailbox.MailboxCommand.Expunge;
import dev.staffetta.mailbox.MailboxCommand.Move;
import dev.staffetta.mailbox.MailboxCommand.MoveAnswered;
import dev.staffetta.mailbox.MailboxCommand.Receive;
import dev.staffetta.mailbox.MailboxCommand.StoreFlags;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Random work on two mailboxes, with restarts, snapshots and repeated commands at any point,
 * against a model that is a plain list.
 */
class MailboxModelTest {
  private static final List<String> FLAGS =
      List.of("\\Seen", "\\Deleted", "\\Flagged", "$Work", "$work", "later");

  /** A message as anyone would write it down. */
  private static final class Row {
    final long uid;
    final ContentId content;
    final Set<String> flags;

    Row(long uid, ContentId content, Set<String> flags) {
      this.uid = uid;
      this.content = content;
      this.flags = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      this.flags.addAll(flags);
    }
  }

  private static final class Model {
    final PureMailbox real;
    final List<Row> rows = new ArrayList<>();
    long uidNext = 1;
    long modseq = 1;

    Model(long number) {
      real = new PureMailbox(number);
    }

    UidSet uids(Predicate<Row> which) {
      return UidSet.ofAscending(rows.stream().filter(which).mapToLong(row -> row.uid));
    }
  }

  private Random random;
  private Model inbox;
  private Model archive;

  @Property(tries = 150)
  void mailboxesAreAsAListWouldHaveThem(@ForAll long seed, @ForAll @IntRange(max = 80) int steps) {
    random = new Random(seed);
    inbox = new Model(1);
    archive = new Model(2);
    for (int i = 0; i < steps; i++) {
      Model here = random.nextBoolean() ? inbox : archive;
      Model there = here == inbox ? archive : inbox;
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> append(here);
        case 3, 4 -> store(here);
        case 5 -> expunge(here);
        case 6 -> copy(here, there);
        case 7 -> move(here, there);
        case 8 -> here.real.snapshot();
        default -> here.real.restart();
      }
      compare(inbox);
      compare(archive);
    }
  }

  private void append(Model model) {
    ContentId content = ContentId.random();
    Set<String> flags = someFlags();
    int times = 1 + random.nextInt(2);
    for (int i = 0; i < times; i++) {
      Mailboxes.Appended appended =
          answer(
              model.real.run(
                  new Append(content, 10, Optional.empty(), flags, Instant.EPOCH, nobody())));
      assertThat(appended.uid()).isEqualTo(model.uidNext);
      if (random.nextInt(4) == 0) {
        model.real.restart();
      }
    }
    model.rows.add(new Row(model.uidNext++, content, flags));
  }

  private void store(Model model) {
    UidSet uids = someUids(model);
    Mailboxes.StoreMode mode = List.of(Mailboxes.StoreMode.values()).get(random.nextInt(3));
    Set<String> flags = someFlags();
    UidSet rest = uids;
    while (!rest.isEmpty()) {
      MailboxCommand.Stored stored =
          answer(
              model.real.run(
                  new StoreFlags(
                      ContentId.random(), rest, mode, flags, Optional.empty(), nobody())));
      rest =
          stored.next().isEmpty()
              ? UidSet.EMPTY
              : UidSets.above(rest, stored.next().getAsLong() - 1);
    }
    for (Row row : model.rows) {
      if (uids.contains(row.uid)) {
        switch (mode) {
          case REPLACE -> {
            row.flags.clear();
            row.flags.addAll(flags);
          }
          case ADD -> row.flags.addAll(flags);
          case REMOVE -> flags.forEach(row.flags::remove);
        }
      }
    }
  }

  private void expunge(Model model) {
    UidSet uids = someUids(model);
    Mailboxes.Expunge which =
        switch (random.nextInt(3)) {
          case 0 -> new Mailboxes.Expunge.AllDeleted();
          case 1 -> new Mailboxes.Expunge.DeletedAmong(uids);
          default -> new Mailboxes.Expunge.Exactly(uids);
        };
    Predicate<Row> isTaken =
        row ->
            which instanceof Mailboxes.Expunge.Exactly
                ? uids.contains(row.uid)
                : row.flags.contains("\\Deleted")
                    && (which instanceof Mailboxes.Expunge.AllDeleted || uids.contains(row.uid));
    List<UidSet> taken = new ArrayList<>();
    boolean isWhole = false;
    while (!isWhole) {
      MailboxCommand.Expunged expunged = answer(model.real.run(new Expunge(which, nobody())));
      taken.add(expunged.uids());
      isWhole = expunged.isWhole();
    }
    assertThat(UidSets.union(taken)).isEqualTo(model.uids(isTaken));
    model.rows.removeIf(isTaken);
  }

  private void copy(Model from, Model to) {
    UidSet uids = someUids(from);
    Receive command =
        receive(ContentId.random(), from.real.state(), from.real.state().messages().existing(uids));
    Transfer transfer = answer(to.real.run(command));
    to.real.restart();
    assertThat(answer(to.real.run(command)).targetFirstUid()).isEqualTo(transfer.targetFirstUid());
    from.rows.stream()
        .filter(row -> uids.contains(row.uid))
        .forEach(row -> to.rows.add(new Row(to.uidNext++, row.content, row.flags)));
  }

  /** With a crash of either side at any of the steps. */
  private void move(Model from, Model to) {
    UidSet uids = someUids(from);
    ContentId operation = ContentId.random();
    Move command = new Move(operation, uids, to.real.id().number(), nobody());
    Optional<Answer<Transfer>> first = from.real.run(command);
    if (first.isPresent()) {
      assertThat(from.real.state().messages().existing(uids).isEmpty()).isTrue();
      return;
    }
    crash(from);
    UidSet moving = from.real.state().moves().get(operation).uids();
    Answer<Transfer> received =
        to.real.run(receive(operation, from.real.state(), moving)).orElseThrow();
    if (random.nextBoolean()) {
      // The answer was lost: the source asks again.
      crash(from);
      crash(to);
      received = to.real.run(receive(operation, from.real.state(), moving)).orElseThrow();
    }
    Transfer done = answer(from.real.run(new MoveAnswered(operation, received, nobody())));
    crash(from);
    assertThat(from.real.run(new MoveAnswered(operation, received, nobody()))).isEmpty();
    assertThat(answer(from.real.run(command))).isEqualTo(done);
    assertThat(done.source()).isEqualTo(moving);
    from.rows.stream()
        .filter(row -> moving.contains(row.uid))
        .forEach(row -> to.rows.add(new Row(to.uidNext++, row.content, row.flags)));
    from.rows.removeIf(row -> moving.contains(row.uid));
  }

  private void crash(Model model) {
    if (random.nextInt(3) == 0) {
      model.real.restart();
    }
  }

  private static Receive receive(ContentId operation, MailboxState source, UidSet uids) {
    return new Receive(
        operation,
        source.highestModseq(),
        source.keywords(),
        source.messages().stream(uids).toList(),
        nobody());
  }

  private void compare(Model model) {
    MailboxState state = model.real.state();
    assertThat(state.uidNext()).isEqualTo(model.uidNext);
    assertThat(state.highestModseq()).isGreaterThanOrEqualTo(model.modseq);
    model.modseq = state.highestModseq();
    assertThat(state.messages().stream().map(Message::uid))
        .containsExactlyElementsOf(model.rows.stream().map(row -> row.uid).toList());
    for (int i = 0; i < model.rows.size(); i++) {
      Message message = state.messages().get(i + 1);
      Row row = model.rows.get(i);
      assertThat(message.content()).isEqualTo(row.content);
      assertThat(names(message.flags(), state.keywords())).isEqualTo(row.flags);
      assertThat(message.modseq()).isLessThanOrEqualTo(state.highestModseq());
    }
  }

  private static Set<String> names(long flags, List<String> keywords) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 0; i < Flags.SYSTEM_FLAGS; i++) {
      if ((flags & (1L << i)) != 0) {
        names.add(Flags.SYSTEM_NAMES.get(i));
      }
    }
    for (int i = 0; i < keywords.size(); i++) {
      if ((flags & Flags.keyword(i)) != 0) {
        names.add(keywords.get(i));
      }
    }
    return names;
  }

  private Set<String> someFlags() {
    Set<String> flags = new HashSet<>();
    FLAGS.stream().filter(flag -> random.nextInt(3) == 0).forEach(flags::add);
    return flags;
  }

  private UidSet someUids(Model model) {
    UidSet.Range all = new UidSet.Range(1, 0xFFFF_FFFFL);
    return random.nextInt(4) == 0
        ? new UidSet(List.of(all))
        : UidSet.ofAscending(
            random.longs(random.nextInt(12), 1, model.uidNext + 2).sorted().distinct());
  }

  private static <R> R answer(Optional<Answer<R>> answer) {
    return answer.orElseThrow().orRefuse();
  }

  /** Nothing is told in these tests: answers are what decisions return. */
  private static <R> ActorRef<R> nobody() {
    return NoActor.ref();
  }
}
