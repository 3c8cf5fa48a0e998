package dev.staffetta.store;

import dev.staffetta.ports.Refusal;
import dev.staffetta.store.proto.Answers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.RaftClientRequestProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.exceptions.AlreadyClosedException;
import org.apache.ratis.protocol.exceptions.GroupMismatchException;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.RaftException;
import org.apache.ratis.protocol.exceptions.RaftRetryFailureException;
import org.apache.ratis.protocol.exceptions.ServerNotReadyException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * Hands entries and queries of one partition to this node's own Raft server, without a socket
 * between.
 *
 * <p>Where the outcome is not known and a second try may tell, the same call id is sent again: the
 * leader's retry cache makes it one entry. The cache does not outlive a restart, so whoever must
 * have exactly one effect puts a requirement into the batch. What was answered is told with the
 * next request, so that the cache does not keep a minute of writes.
 */
final class RaftSubmitter {
  private static final long PAUSE_MILLIS = 20;

  /** How long one try of a read may take, before it is asked anew. */
  private static final long READ_TRY_MILLIS = 2_000;

  private static final long READ_PAUSE_MILLIS = 100;

  private final RaftServer server;
  private final RaftGroupId group;
  private final String name;
  private final Duration timeout;
  private final ScheduledExecutorService timer;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong lastCall = new AtomicLong();

  /** Writes that were answered, and the leader's cache does not know it yet. */
  private final Queue<Long> answered = new ConcurrentLinkedQueue<>();

  RaftSubmitter(
      RaftServer server,
      RaftGroupId group,
      String name,
      Duration timeout,
      ScheduledExecutorService timer) {
    this.server = server;
    this.group = group;
    this.name = name;
    this.timeout = timeout;
    this.timer = timer;
  }

  /** Puts an entry into the log; answered when it is applied here. */
  CompletionStage<Answers> write(byte[] entry) {
    return submit(
            Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)),
            RaftClientRequest.writeRequestType())
        .thenApply(
            reply ->
                PartitionWriter.parseAnswers(
                    reply.getMessage().getContent().asReadOnlyByteBuffer()));
  }

  /** Answers when all that was acknowledged before the call is applied here. */
  CompletionStage<Void> barrier() {
    return submit(Message.EMPTY, RaftClientRequest.readRequestType()).thenAccept(reply -> {});
  }

  private CompletionStage<RaftClientReply> submit(Message message, RaftClientRequest.Type type) {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(server.getId())
            .setGroupId(group)
            .setCallId(lastCall.incrementAndGet())
            .setRepliedCallIds(takeAnswered())
            .setMessage(message)
            .setType(type)
            .build();
    Attempts attempts = new Attempts(request, System.nanoTime() + timeout.toNanos());
    attempts.next();
    return attempts
        .result
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
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
      throw unavailable("no answer within " + timeout.toSeconds() + " s");
    }
    if (failure != null) {
      throw unavailable(String.valueOf(failure.getMessage()));
    }
    RaftException refused = reply.getException();
    if (refused instanceof NotLeaderException) {
      throw unavailable("another node leads it");
    }
    if (refused != null) {
      throw unavailable(String.valueOf(refused.getMessage()));
    }
    answered.add(reply.getCallId());
    return reply;
  }

  private Refusal unavailable(String because) {
    return new Refusal(Refusal.Code.UNAVAILABLE, name + " is not available: " + because);
  }

  /** One request and its tries, one at a time. */
  private final class Attempts {
    private final RaftClientRequest request;
    private final long deadline;
    private final CompletableFuture<RaftClientReply> result = new CompletableFuture<>();

    Attempts(RaftClientRequest request, long deadline) {
      this.request = request;
      this.deadline = deadline;
    }

    void next() {
      CompletableFuture<RaftClientReply> reply;
      try {
        reply = server.submitClientRequestAsync(request);
      } catch (IOException | RuntimeException e) {
        reply = CompletableFuture.failedFuture(e);
      }
      if (isRead()) {
        // A leader that hangs does not answer; by then there may be another to ask.
        reply = reply.copy().orTimeout(READ_TRY_MILLIS, TimeUnit.MILLISECONDS);
      }
      var unused = reply.whenComplete(this::judge);
    }

    private boolean isRead() {
      return request.is(RaftClientRequestProto.TypeCase.READ);
    }

    private void judge(RaftClientReply reply, Throwable failure) {
      boolean again =
          failure != null ? isRead() && !isClosed(failure) : isWorthAnother(reply.getException());
      long pause = isRead() ? READ_PAUSE_MILLIS : PAUSE_MILLIS;
      if (again && deadline - System.nanoTime() > TimeUnit.MILLISECONDS.toNanos(pause)) {
        try {
          var unused = timer.schedule(this::next, pause, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
          result.completeExceptionally(e);
        }
      } else if (failure != null) {
        result.completeExceptionally(failure);
      } else {
        result.complete(reply);
      }
    }

    /** The group or the server is closed: nothing will come of it. */
    private boolean isClosed(Throwable failure) {
      Throwable inner =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      return inner instanceof GroupMismatchException || inner instanceof AlreadyClosedException;
    }

    private boolean isWorthAnother(RaftException exception) {
      if (isRead()) {
        // A follower asks its leader, and there may be none for a while.
        return exception != null && !isClosed(exception);
      }
      return exception instanceof ServerNotReadyException
          || exception instanceof LeaderNotReadyException
          || exception instanceof LeaderSteppingDownException
          || exception instanceof RaftRetryFailureException;
    }
  }
}
