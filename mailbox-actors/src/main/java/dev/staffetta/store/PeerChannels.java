package dev.staffetta.store;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.impl.ClientProtoUtils;
import org.apache.ratis.proto.RaftProtos.RaftClientReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftClientRequestProto;
import org.apache.ratis.proto.grpc.RaftClientProtocolServiceGrpc;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.thirdparty.io.grpc.ChannelCredentials;
import org.apache.ratis.thirdparty.io.grpc.Grpc;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;

/**
 * Carries requests of clients to the Raft servers of other nodes: one connection a node, made when
 * it is first needed, for all partitions.
 *
 * <p>Ratis' own client is not used: it has a connection for each group, and what it shares between
 * requests fails all of them when one meets a node that does not lead.
 */
final class PeerChannels implements AutoCloseable {
  /** A node that is not asked for so long is disconnected. */
  private static final long IDLE_MINUTES = 5;

  private static final int MAX_MESSAGE_BYTES = Store.MAX_BATCH_BYTES + (1 << 20);

  private final ChannelCredentials credentials;
  private final Map<String, ManagedChannel> byAddress = new ConcurrentHashMap<>();

  PeerChannels(Optional<TransportSecurity> security) throws IOException {
    this.credentials = RaftTls.credentials(security);
  }

  /**
   * Sends a request to the server that it names.
   *
   * @return fails with gRPC's exceptions when there was no answer in time
   */
  CompletableFuture<RaftClientReply> send(
      RaftPeer peer, RaftClientRequest request, Duration timeout) {
    CompletableFuture<RaftClientReply> reply = new CompletableFuture<>();
    StreamObserver<RaftClientRequestProto> stream =
        RaftClientProtocolServiceGrpc.newStub(
                byAddress.computeIfAbsent(peer.getAddress(), this::connect))
            .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .unordered(new Answer(reply));
    stream.onNext(ClientProtoUtils.toRaftClientRequestProto(request));
    stream.onCompleted();
    return reply;
  }

  private ManagedChannel connect(String address) {
    return Grpc.newChannelBuilder(address, credentials)
        .proxyDetector(target -> null)
        .idleTimeout(IDLE_MINUTES, TimeUnit.MINUTES)
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .disableRetry()
        .build();
  }

  /** May be called twice. */
  @Override
  public void close() {
    byAddress.values().forEach(ManagedChannel::shutdownNow);
    byAddress.clear();
  }

  private record Answer(CompletableFuture<RaftClientReply> reply)
      implements StreamObserver<RaftClientReplyProto> {
    @Override
    public void onNext(RaftClientReplyProto answer) {
      reply.complete(ClientProtoUtils.toRaftClientReply(answer));
    }

    @Override
    public void onError(Throwable failure) {
      reply.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      reply.completeExceptionally(new IOException("no answer"));
    }
  }
}
