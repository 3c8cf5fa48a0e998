package dev.staffetta.nemesis.history;

import dev.staffetta.nemesis.history.Operation.Delivery;
import dev.staffetta.nemesis.history.Operation.FlagChange;
import dev.staffetta.nemesis.history.Operation.Removal;
import dev.staffetta.nemesis.history.Operation.Transfer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/**
 * A cluster of two nodes that holds one account, simulated from a seed, with a {@link Defect}. Its
 * clients begin operations, which take effect later and are answered later still, so that they are
 * concurrent; it crashes and is split now and then. What comes out is a history.
 */
final class ModelCluster {
  private static final List<String> FLAGS = List.copyOf(FlagChecks.FLAGS);
  private static final int CLIENTS = 6;

  private final Random dice;
  private final Defect defect;
  private final List<Folder> folders =
      List.of(new Folder("alice", "INBOX"), new Folder("alice", "Work"));
  private final List<Operation> operations = new ArrayList<>();
  private final List<Read> reads = new ArrayList<>();
  private final List<Isolation> isolations = new ArrayList<>();
  private final List<Pending> pending = new ArrayList<>();
  private ModelMailbox now = new ModelMailbox();
  private ModelMailbox durable = new ModelMailbox();
  private ModelMailbox replica = new ModelMailbox();

  /** What the side that was cut off has, while there is a split. */
  private Optional<ModelMailbox> alone = Optional.empty();

  private long splitSince;
  private long clock;
  private int tokens;

  ModelCluster(Defect defect, long seed) {
    this.defect = defect;
    this.dice = new Random(seed);
  }

  /** An operation or read under way, with what is known of it so far. */
  private static final class Pending {
    final int client;
    final long began;
    final Folder folder;

    /** What is to be done; none: a read. */
    final Optional<Operation> draft;

    boolean isApplied;
    boolean isPossible = true;
    boolean hasNoEffect;
    OptionalLong uid = OptionalLong.empty();
    List<Read.Sighting> seen = List.of();
    long uidNext;

    Pending(int client, long began, Folder folder, Optional<Operation> draft) {
      this.client = client;
      this.began = began;
      this.folder = folder;
      this.draft = draft;
    }

    boolean isRead() {
      return draft.isEmpty();
    }
  }

  History run(int steps) {
    for (int i = 0; i < steps; i++) {
      clock += 1_000_000_000L;
      int throwOf = dice.nextInt(200);
      if (throwOf < 4) {
        crash();
      } else if (throwOf == 4) {
        splitOrHeal();
      } else if (throwOf < 20) {
        durable = new ModelMailbox(now);
      } else if (throwOf < 40) {
        replica = new ModelMailbox(now);
      } else {
        step(dice.nextInt(CLIENTS));
      }
    }
    if (alone.isPresent()) {
      splitOrHeal();
    }
    crash();
    for (Folder folder : folders) {
      clock += 1_000_000_000L;
      reads.add(read("reader", "node1", clock, folder, now, true));
    }
    return new History(operations, reads, List.of(), isolations);
  }

  private String node(int client) {
    return client % 2 == 0 ? "node1" : "node2";
  }

  /** Clients of node 2 are cut off while there is a split. */
  private boolean isAlone(int client) {
    return alone.isPresent() && node(client).equals("node2");
  }

  private void step(int client) {
    Optional<Pending> mine = pending.stream().filter(p -> p.client == client).findFirst();
    if (mine.isEmpty()) {
      pending.add(begin(client));
    } else if (!mine.get().isApplied) {
      apply(mine.get());
    } else {
      pending.remove(mine.get());
      boolean isAnswered = mine.get().isPossible && dice.nextInt(30) != 0;
      end(mine.get(), isAnswered ? Outcome.DONE : Outcome.UNKNOWN);
    }
  }

  private Pending begin(int client) {
    Folder folder = folders.get(dice.nextInt(folders.size()));
    Folder other = folders.get(1 - folders.indexOf(folder));
    Attempt attempt =
        new Attempt("client" + client, node(client), new Span(clock, clock), Outcome.UNKNOWN);
    List<Read.Sighting> there = now.sightings(folder);
    int throwOf = dice.nextInt(10);
    if (throwOf < 3) {
      return new Pending(client, clock, folder, Optional.empty());
    }
    if (throwOf < 6 || there.isEmpty()) {
      tokens++;
      Set<String> flags = dice.nextBoolean() ? Set.of() : Set.of(FLAGS.get(0));
      Operation delivery =
          new Delivery(attempt, "t" + tokens, List.of(folder), flags, OptionalLong.empty());
      return new Pending(client, clock, folder, Optional.of(delivery));
    }
    Read.Sighting message = there.get(dice.nextInt(there.size()));
    Instance instance = new Instance(folder, message.uid());
    Operation draft =
        switch (throwOf) {
          case 6 -> new Removal(attempt, instance, message.token(), "EXPUNGE");
          case 7 ->
              new Transfer(
                  attempt,
                  instance,
                  message.token(),
                  other,
                  OptionalLong.empty(),
                  dice.nextInt(4) != 0);
          default ->
              new FlagChange(
                  attempt,
                  instance,
                  message.token(),
                  FLAGS.get(dice.nextInt(FLAGS.size())),
                  dice.nextBoolean());
        };
    return new Pending(client, clock, folder, Optional.of(draft));
  }

  private void apply(Pending p) {
    p.isApplied = true;
    ModelMailbox mailbox = now;
    if (isAlone(p.client)) {
      if (defect != Defect.NO_FENCING) {
        p.isPossible = false;
        return;
      }
      mailbox = alone.get();
    }
    if (p.isRead()) {
      ModelMailbox source =
          defect == Defect.STALE_READS && dice.nextInt(4) == 0 ? replica : mailbox;
      p.seen = source.sightings(p.folder);
      p.uidNext = source.uidNext(p.folder);
    } else {
      change(p, mailbox, false);
    }
  }

  private void change(Pending p, ModelMailbox mailbox, boolean isCrashing) {
    Operation draft = p.draft.orElseThrow();
    if (draft instanceof Delivery delivery) {
      ModelMailbox.Message message = new ModelMailbox.Message(delivery.token(), delivery.flags());
      p.uid = OptionalLong.of(mailbox.add(p.folder, message));
      if (defect == Defect.NO_DEDUPLICATION && dice.nextInt(20) == 0) {
        p.uid = OptionalLong.of(mailbox.add(p.folder, message));
      }
    } else if (draft instanceof FlagChange change) {
      mailbox.change(change.instance(), change.flag(), change.sets());
    } else if (draft instanceof Removal removal) {
      mailbox.in(removal.instance().folder()).remove(removal.instance().uid());
    } else if (draft instanceof Transfer transfer) {
      transfer(p, transfer, mailbox, isCrashing);
    }
  }

  private void transfer(Pending p, Transfer transfer, ModelMailbox mailbox, boolean isCrashing) {
    ModelMailbox.Message message =
        mailbox.in(transfer.source().folder()).get(transfer.source().uid());
    if (message == null) {
      p.hasNoEffect = true;
      return;
    }
    boolean losesFlags = defect == Defect.FLAGS_NOT_MOVED && transfer.moves();
    p.uid =
        OptionalLong.of(
            mailbox.add(
                transfer.target(),
                losesFlags ? new ModelMailbox.Message(message.token(), Set.of()) : message));
    if (transfer.moves() && !(isCrashing && defect == Defect.MOVE_NOT_ATOMIC)) {
      mailbox.in(transfer.source().folder()).remove(transfer.source().uid());
    }
  }

  private void end(Pending p, Outcome outcome) {
    Attempt attempt =
        new Attempt("client" + p.client, node(p.client), new Span(p.began, clock), outcome);
    if (p.isRead()) {
      if (outcome == Outcome.DONE) {
        reads.add(
            new Read(
                attempt.client(),
                attempt.node(),
                attempt.span(),
                p.folder,
                1,
                OptionalLong.of(p.uidNext),
                p.seen,
                false));
      }
      return;
    }
    operations.add(finished(p, attempt));
  }

  private static Operation finished(Pending p, Attempt attempt) {
    boolean isDone = attempt.isDone();
    Operation draft = p.draft.orElseThrow();
    if (draft instanceof Delivery d) {
      // As by SMTP, every other answer does not tell the UID.
      boolean tells = isDone && p.began % 2 == 0;
      OptionalLong uid = tells ? p.uid : OptionalLong.empty();
      return new Delivery(attempt, d.token(), d.folders(), d.flags(), uid);
    }
    if (draft instanceof FlagChange f) {
      return new FlagChange(attempt, f.instance(), f.token(), f.flag(), f.sets());
    }
    if (draft instanceof Removal r) {
      return new Removal(attempt, r.instance(), r.token(), r.by());
    }
    Transfer t = (Transfer) draft;
    Outcome outcome = isDone && p.hasNoEffect ? Outcome.REFUSED : attempt.outcome();
    return new Transfer(
        attempt.withOutcome(outcome),
        t.source(),
        t.token(),
        t.target(),
        isDone ? p.uid : OptionalLong.empty(),
        t.moves());
  }

  private void crash() {
    List<Pending> all = new ArrayList<>(pending);
    pending.clear();
    for (Pending p : all) {
      boolean happens = !p.isRead() && !p.isApplied && !isAlone(p.client) && dice.nextBoolean();
      if (happens) {
        change(p, now, true);
      }
      end(p, Outcome.UNKNOWN);
    }
    if (defect == Defect.ACKNOWLEDGED_BEFORE_FSYNC) {
      now = new ModelMailbox(durable);
    } else if (defect == Defect.UIDNEXT_NOT_KEPT) {
      now.forgetUidNext();
    }
  }

  private void splitOrHeal() {
    if (alone.isEmpty()) {
      alone = Optional.of(new ModelMailbox(now));
      splitSince = clock;
    } else {
      alone = Optional.empty();
      isolations.add(
          new Isolation(new HashSet<>(List.of("node2")), new Span(splitSince, clock), false));
    }
  }

  private Read read(
      String client, String node, long at, Folder folder, ModelMailbox from, boolean isFinal) {
    return new Read(
        client,
        node,
        new Span(at, at + 1),
        folder,
        1,
        OptionalLong.of(from.uidNext(folder)),
        from.sightings(folder),
        isFinal);
  }
}
