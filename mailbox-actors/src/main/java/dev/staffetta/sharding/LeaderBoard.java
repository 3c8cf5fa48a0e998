package dev.staffetta.sharding;

import dev.staffetta.store.DiskState;
import dev.staffetta.store.Store;
import dev.staffetta.store.StoreListener;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.ExtensionId;
import org.apache.pekko.actor.ExtensionIdProvider;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.Cluster;

/**
 * Who leads which partition, as far as this node has heard: from its own store, and from all other
 * nodes. The newest term wins. An actor tells the other nodes what is new at once, and all of it
 * again each second, so what is lost on the way or comes twice does no harm.
 *
 * <p>What is asked here may be asked from any thread.
 */
public final class LeaderBoard implements Extension {
  private final String self;
  private final Map<Integer, Leadership> newest = new ConcurrentHashMap<>();

  /**
   * When the lead of a partition last went to another node than before, by {@link System#nanoTime}.
   */
  private final Map<Integer, Long> movedAt = new ConcurrentHashMap<>();

  /** When each other node last told something, by {@link System#nanoTime}. */
  private final Map<String, Long> heardAt = new ConcurrentHashMap<>();

  private final List<Moves> listeners = new CopyOnWriteArrayList<>();

  /** Who is told that something may be new; nobody before the actor has started. */
  private final AtomicReference<Runnable> wake = new AtomicReference<>(() -> {});

  private LeaderBoard(String self) {
    this.self = self;
  }

  /** The one of an actor system, classic or typed. */
  public static LeaderBoard of(ClassicActorSystemProvider system) {
    return Id.INSTANCE.get(system);
  }

  /** Starts to exchange what is known with the other nodes. */
  public void start(ActorSystem<?> system, Store store) {
    var board =
        system.systemActorOf(
            LeaderBoardActor.create(this, () -> ofStore(store)),
            LeaderBoardActor.NAME,
            Props.empty());
    wake.set(() -> board.tell(LeaderBoardActor.Word.LOOK));
    wake.get().run();
  }

  /** A listener for the store of this node, which passes on all it hears. */
  public StoreListener listening(StoreListener next) {
    return new StoreListener() {
      @Override
      public void leads(int partition, long term) {
        learn(new Leadership(partition, term, self));
        wake.get().run();
        next.leads(partition, term);
      }

      @Override
      public void follows(int partition, Optional<String> leader) {
        wake.get().run();
        next.follows(partition, leader);
      }

      @Override
      public void disk(DiskState state) {
        next.disk(state);
      }

      @Override
      public void failed(String reason) {
        next.failed(reason);
      }
    };
  }

  /** The name of the node that leads a partition, or led it last. */
  public Optional<String> leader(int partition) {
    return Optional.ofNullable(newest.get(partition)).map(Leadership::node);
  }

  /** All that is known. */
  public Collection<Leadership> all() {
    return List.copyOf(newest.values());
  }

  /** Whether the lead of a partition has gone to another node a short while ago. */
  public boolean hasMovedWithin(int partition, Duration time) {
    Long at = movedAt.get(partition);
    return at != null && System.nanoTime() - at < time.toNanos();
  }

  /** The name of this node. */
  String self() {
    return self;
  }

  /** Another node has told what it knows. */
  void heardOf(String node) {
    heardAt.put(node, System.nanoTime());
  }

  /**
   * Whether a node has been heard of since the lead of a partition went to another: one that has
   * not may have died with it.
   */
  boolean hasSpokenSinceMove(String node, int partition) {
    if (node.equals(self)) {
      return true;
    }
    Long heard = heardAt.get(node);
    Long moved = movedAt.get(partition);
    return heard != null && (moved == null || heard - moved >= 0);
  }

  /** Is told of each lead that goes from one node to another; must be quick. */
  public interface Moves {
    /**
     * A lead has moved.
     *
     * @param from the node that had it before
     */
    void moved(int partition, String from);
  }

  /** Has somebody told from now on. */
  public void onMove(Moves listener) {
    listeners.add(listener);
  }

  /** Takes note; whether it was new. */
  boolean learn(Leadership heard) {
    AtomicReference<Leadership> before = new AtomicReference<>();
    newest.compute(
        heard.partition(),
        (partition, known) -> {
          before.set(known);
          return known == null || heard.term() > known.term() ? heard : known;
        });
    Leadership known = before.get();
    if (known != null && heard.term() <= known.term()) {
      return false;
    }
    if (known != null && !known.node().equals(heard.node())) {
      movedAt.put(heard.partition(), System.nanoTime());
      listeners.forEach(listener -> listener.moved(heard.partition(), known.node()));
    }
    return true;
  }

  /** What the replicas of this node know, leaders' own word with them. */
  private static List<Leadership> ofStore(Store store) {
    return store.status().stream()
        .filter(status -> status.leader().isPresent())
        .map(s -> new Leadership(s.partition(), s.term(), s.leader().orElseThrow()))
        .toList();
  }

  private static final class Id extends AbstractExtensionId<LeaderBoard>
      implements ExtensionIdProvider {
    private static final Id INSTANCE = new Id();

    @Override
    public LeaderBoard createExtension(ExtendedActorSystem system) {
      return new LeaderBoard(NodeNames.of(Cluster.get(system).selfMember()));
    }

    @Override
    public ExtensionId<LeaderBoard> lookup() {
      return INSTANCE;
    }
  }
}
