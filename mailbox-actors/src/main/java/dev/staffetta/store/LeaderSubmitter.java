package dev.staffetta.store;

import dev.staffetta.ports.Refusal;
import dev.staffetta.store.proto.Answers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.RaftException;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * Hands entries and queries of one partition to whichever node leads it, which it finds out by
 * asking one after the other.
 *
 * <p>A request keeps its call id over all tries: a leader, or its successor, that has it already
 * does not take it for another. What was answered is told with the next request, so that the leader
 * forgets it.
 */
final class LeaderSubmitter {
  /** How long one node may take to answer; then it may hang, and another may lead. */
  private static final Duration TRY = Duration.ofSeconds(2);

  private static final long PAUSE_MILLIS = 50;

  private final Partition partition;
  private final LeaderRoutes routes;

  /** Who led when last heard of. */
  private final AtomicReference<Optional<RaftPeer>> leader =
      new AtomicReference<>(Optional.empty());

  /** The group's peers, as one of them said last. */
  private volatile List<RaftPeer> peers = List.of();

  /** Writes that were answered, and the leader's cache does not know it yet. */
  private final Queue<Long> answered = new ConcurrentLinkedQueue<>();

  LeaderSubmitter(Partition partition, LeaderRoutes routes) {
    this.partition = partition;
    this.routes = routes;
  }

  /** Puts an entry into the log; answered when it is applied at the leader. */
  CompletionStage<Answers> write(byte[] entry) {
    return submit(
            Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)),
            RaftClientRequest.writeRequestType(),
            this::takeAnswered)
        .thenApply(
            reply -> {
              answered.add(reply.getCallId());
              return PartitionWriter.parseAnswers(
                  reply.getMessage().getContent().asReadOnlyByteBuffer());
            });
  }

  /** The values of keys, with all that was acknowledged before the call. */
  CompletionStage<List<Optional<byte[]>>> get(List<byte[]> keys) {
    return submit(KeyQueries.question(keys), RaftClientRequest.readRequestType(), List::of)
        .thenApply(reply -> KeyQueries.values(reply.getMessage()));
  }

  private CompletionStage<RaftClientReply> submit(
      Message message, RaftClientRequest.Type type, Supplier<List<Long>> replied) {
    RaftClientRequest.Builder request =
        RaftClientRequest.newBuilder()
            .setClientId(routes.client())
            .setGroupId(partition.group())
            .setCallId(routes.nextCall())
            .setRepliedCallIds(replied.get())
            .setMessage(message)
            .setType(type);
    Attempts attempts = new Attempts(request, System.nanoTime() + routes.timeout().toNanos());
    attempts.next();
    return attempts
        .result
        .orTimeout(routes.timeout().toMillis(), TimeUnit.MILLISECONDS)
        .handle(this::answer);
  }

  private List<Long> takeAnswered() {
    List<Long> taken = new ArrayList<>();
    for (Long call = answered.poll(); call != null; call = answered.poll()) {
      taken.add(call);
    }
    return taken;
  }

  private RaftClientReply answer(RaftClientReply reply, Throwable failure) {
    if (failure instanceof TimeoutException) {
      throw unavailable("no leader answered within " + routes.timeout().toSeconds() + " s");
    }
    if (failure != null) {
      throw unavailable(String.valueOf(failure.getMessage()));
    }
    RaftException refused = reply.getException();
    if (refused instanceof StateMachineException && refused.getCause() != null) {
      throw unavailable(String.valueOf(refused.getCause().getMessage()));
    }
    if (refused != null) {
      throw unavailable(String.valueOf(refused.getMessage()));
    }
    return reply;
  }

  private Refusal unavailable(String because) {
    return new Refusal(Refusal.Code.UNAVAILABLE, partition + " is not available: " + because);
  }

  /** All that may know more: the group's peers, or else every node there is. */
  private List<RaftPeer> candidates() {
    List<RaftPeer> here = partition.replica().map(Replica::peers).orElse(List.of());
    if (!here.isEmpty()) {
      return here;
    }
    return peers.isEmpty() ? routes.nodes() : peers;
  }

  private Optional<RaftPeer> leaderHere() {
    return partition
        .replica()
        .flatMap(
            r ->
                r.division()
                    .map(d -> d.getInfo().getLeaderId())
                    .flatMap(
                        id -> r.peers().stream().filter(p -> p.getId().equals(id)).findFirst()));
  }

  /** One request and its tries, one at a time. */
  private final class Attempts {
    private final RaftClientRequest.Builder request;
    private final long deadline;
    private final CompletableFuture<RaftClientReply> result = new CompletableFuture<>();

    /** Of the tries, which come one after the other. */
    private int asked;

    Attempts(RaftClientRequest.Builder request, long deadline) {
      this.request = request;
      this.deadline = deadline;
    }

    void next() {
      if (result.isDone()) {
        return;
      }
      Optional<RaftPeer> peer = choose();
      if (peer.isEmpty()) {
        again();
        return;
      }
      var unused = send(peer.get()).whenComplete((r, failure) -> judge(peer.get(), r, failure));
    }

    /** The leader that is known, or else one after the other. */
    private Optional<RaftPeer> choose() {
      Optional<RaftPeer> known = leader.get().or(LeaderSubmitter.this::leaderHere);
      if (known.isPresent()) {
        return known;
      }
      List<RaftPeer> all = candidates();
      return all.isEmpty() ? Optional.empty() : Optional.of(all.get(asked++ % all.size()));
    }

    private CompletableFuture<RaftClientReply> send(RaftPeer peer) {
      try {
        return routes.send(peer, request.setServerId(peer.getId()).build(), TRY);
      } catch (IOException | RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    private void judge(RaftPeer peer, RaftClientReply reply, Throwable failure) {
      RaftException exception = failure != null ? null : reply.getException();
      if (failure == null && exception == null) {
        leader.set(Optional.of(peer));
        result.complete(reply);
      } else if (exception instanceof StateMachineException) {
        result.complete(reply);
      } else if (exception instanceof NotLeaderException elsewhere) {
        learn(peer.getId(), elsewhere);
        again();
      } else {
        // It is on its way to lead, or away, or of another opinion about who has replicas.
        leader.compareAndSet(Optional.of(peer), Optional.empty());
        if (failure != null) {
          peers = List.of();
        }
        again();
      }
    }

    private void learn(RaftPeerId asked, NotLeaderException elsewhere) {
      Collection<RaftPeer> named = elsewhere.getPeers();
      if (named != null && !named.isEmpty()) {
        peers = List.copyOf(named);
      }
      leader.set(
          Optional.ofNullable(elsewhere.getSuggestedLeader())
              .filter(suggested -> !suggested.getId().equals(asked))
              .filter(suggested -> suggested.getAddress() != null));
    }

    private void again() {
      if (deadline - System.nanoTime() < TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS)) {
        result.completeExceptionally(new TimeoutException());
        return;
      }
      try {
        var unused = routes.timer().schedule(this::next, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        result.completeExceptionally(unavailable("the node is stopping"));
      }
    }
  }
}
