package dev.staffetta.placement;

import dev.staffetta.placement.PlacementCommand.Answer;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.LeaderBoard;
import dev.staffetta.sharding.NodeNames;
import dev.staffetta.sharding.Shards;
import dev.staffetta.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.RootActorPath;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.typed.Cluster;

/** The nodes of the cluster, as one of them sees them, and what may be asked of them. */
public final class Nodes {
  /** How long a node may take to say how it stands. */
  private static final Duration REPORT_PATIENCE = Duration.ofMillis(1_500);

  /** How long the placement may take, which may be moving. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration ATTEMPT = Duration.ofSeconds(2);
  private static final long PAUSE_MILLIS = 200;

  private final ActorSystem<?> system;
  private final Shards shards;
  private final ActorRef<NodeAgent.Message> agent;
  private final List<Consumer<NodeState>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicReference<NodeState> state = new AtomicReference<>(NodeState.JOINED);

  /**
   * A member of the actors' cluster.
   *
   * @param node its name
   * @param status Pekko's word, in lower case
   * @param report empty: it did not answer in time
   */
  public record NodeMember(
      String node, String status, boolean isReachable, Optional<NodeReport> report) {}

  private Nodes(ActorSystem<?> system, Store store, Shards shards, Path directory) {
    this.system = system;
    this.shards = shards;
    EntityRef<PlacementCommand> placement = shards.entity(Placement.TYPE, Placement.ID);
    this.agent =
        system.systemActorOf(
            NodeAgent.create(store, new NodeSelf(store, directory), placement::tell, this::onState),
            NodeAgent.NAME,
            Props.empty());
    LeaderBoard.of(system).onMove((partition, from) -> agent.tell(NodeAgent.Word.NUDGE));
  }

  /**
   * Makes this node take part in the placement of replicas.
   *
   * @param directory of the node's data
   */
  public static Nodes start(ActorSystem<?> system, Store store, Shards shards, Path directory) {
    shards.start(
        Placement.TYPE,
        PlacementCommand.Signal.STOP,
        entity -> Placement.create(store.partitions()));
    return new Nodes(system, store, shards, directory);
  }

  /** Is told what is wanted of this node, now as far as it is known, and whenever it changes. */
  public void follow(Consumer<NodeState> listener) {
    listeners.add(listener);
    listener.accept(state.get());
  }

  /** What is wanted of this node, as far as it has heard. */
  public NodeState state() {
    return state.get();
  }

  private void onState(NodeState now) {
    state.set(now);
    listeners.forEach(listener -> listener.accept(now));
  }

  /** All members of the cluster and how they say that they stand; never fails. */
  public CompletionStage<List<NodeMember>> members() {
    CurrentClusterState cluster = Cluster.get(system).state();
    Set<Member> unreachable = new HashSet<>(cluster.getUnreachable());
    List<CompletableFuture<NodeMember>> all = new ArrayList<>();
    for (Member member : cluster.getMembers()) {
      boolean isReachable = !unreachable.contains(member);
      CompletionStage<Optional<NodeReport>> report =
          isReachable
              ? report(member.address())
              : CompletableFuture.completedStage(Optional.empty());
      all.add(
          report
              .thenApply(
                  r ->
                      new NodeMember(
                          r.map(NodeReport::node).orElse(NodeNames.of(member)),
                          member.status().toString().toLowerCase(java.util.Locale.ROOT),
                          isReachable,
                          r))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done ->
                all.stream()
                    .map(CompletableFuture::join)
                    .sorted(Comparator.comparing(NodeMember::node))
                    .toList());
  }

  private CompletionStage<Optional<NodeReport>> report(Address address) {
    return agent(address)
        .thenCompose(
            there ->
                AskPattern.<NodeAgent.Message, NodeReport>ask(
                    there, NodeAgent.Inquiry::new, REPORT_PATIENCE, system.scheduler()))
        .handle((report, failure) -> Optional.ofNullable(report));
  }

  private CompletionStage<ActorRef<NodeAgent.Message>> agent(Address address) {
    if (address.equals(Cluster.get(system).selfMember().address())) {
      return CompletableFuture.completedStage(agent);
    }
    return Adapter.toClassic(system)
        .actorSelection(new RootActorPath(address, "/").child("system").child(NodeAgent.NAME))
        .resolveOne(REPORT_PATIENCE)
        .thenApply(Adapter::<NodeAgent.Message>toTyped);
  }

  /** What is wanted of each node; fails with {@link Refusal} when nobody can tell now. */
  public CompletionStage<List<NodeRecord>> records() {
    return ask(PlacementCommand.GetNodes::new).thenApply(Answer::nodes);
  }

  /**
   * Wants something else of a node.
   *
   * @param force goes on where fewer replicas would be left than there should be
   * @return what is being done, in a line; fails with {@link Refusal} with why not
   */
  public CompletionStage<String> change(String node, NodeState wanted, boolean force) {
    return ask(replyTo -> new PlacementCommand.ChangeNode(node, wanted, force, replyTo))
        .thenApply(Answer::text);
  }

  private CompletionStage<Answer> ask(Function<ActorRef<Answer>, PlacementCommand> question) {
    return ask(question, System.nanoTime() + PATIENCE.toNanos());
  }

  private CompletionStage<Answer> ask(
      Function<ActorRef<Answer>, PlacementCommand> question, long deadline) {
    EntityRef<PlacementCommand> placement = shards.entity(Placement.TYPE, Placement.ID);
    return placement
        .<Answer>ask(question::apply, ATTEMPT)
        .exceptionally(
            failure ->
                Answer.no(
                    Refusal.Code.UNAVAILABLE,
                    "partition 0, which knows the nodes, does not answer"))
        .thenCompose(
            answer -> {
              boolean isTemporary =
                  answer.refusal().filter(Refusal.Code.UNAVAILABLE::equals).isPresent();
              if (isTemporary && System.nanoTime() < deadline) {
                return later(() -> ask(question, deadline));
              }
              return answer.refusal().isPresent()
                  ? CompletableFuture.failedStage(
                      new Refusal(answer.refusal().get(), answer.text()))
                  : CompletableFuture.completedStage(answer);
            });
  }

  private <T> CompletionStage<T> later(java.util.function.Supplier<CompletionStage<T>> again) {
    return CompletableFuture.supplyAsync(
            again,
            CompletableFuture.delayedExecutor(
                PAUSE_MILLIS, TimeUnit.MILLISECONDS, system.executionContext()::execute))
        .thenCompose(stage -> stage);
  }

  /** This node is about to stop: it is to get no leads any more. */
  public void stopping() {
    agent.tell(NodeAgent.Word.STOPPING);
  }
}
