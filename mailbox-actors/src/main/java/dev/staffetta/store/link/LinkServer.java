package dev.staffetta.store.link;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexReplyProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.protocol.RaftServerAsynchronousProtocol;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.Parser;

/**
 * A Raft server's way to the others, and theirs to it: {@link RaftServerRpc} over {@link PeerLinks}
 * and a {@link LinkListener}.
 */
public final class LinkServer implements RaftServerRpc, RaftServerAsynchronousProtocol {
  private static final Duration GREETING_PATIENCE = Duration.ofSeconds(10);

  private final PeerLinks links;
  private final LinkListener listener;
  private final Duration timeout;

  /** Where peers are by the configurations of the groups. */
  private final Map<RaftPeerId, String> configured = new ConcurrentHashMap<>();

  /** Where they are by their own word, which is newer. */
  private final Map<RaftPeerId, String> told = new ConcurrentHashMap<>();

  LinkServer(RaftServer server, PeerLinks links, InetSocketAddress listensAt) {
    this.links = links;
    this.listener = new LinkListener(server, links, listensAt, GREETING_PATIENCE);
    this.timeout =
        Duration.ofMillis(
            RaftServerConfigKeys.Rpc.requestTimeout(server.getProperties())
                .toLong(TimeUnit.MILLISECONDS));
  }

  /** Takes in where nodes are now, whatever the groups' configurations say. */
  public void know(Collection<RaftPeer> peers) {
    peers.forEach(peer -> told.put(peer.getId(), peer.getAddress()));
  }

  @Override
  public void addRaftPeers(Collection<RaftPeer> peers) {
    peers.forEach(peer -> configured.put(peer.getId(), peer.getAddress()));
  }

  @Override
  public void start() throws IOException {
    listener.start();
  }

  @Override
  public InetSocketAddress getInetSocketAddress() {
    return listener.address();
  }

  @Override
  public RpcType getRpcType() {
    return new LinkRpcType();
  }

  @Override
  public RaftServerAsynchronousProtocol async() {
    return this;
  }

  /** Nothing is to be done: a link that broke is made again when it is needed. */
  @Override
  public void handleException(RaftPeerId peer, Exception failure, boolean reconnect) {}

  @Override
  public void close() {
    listener.close();
  }

  @Override
  public CompletableFuture<AppendEntriesReplyProto> appendEntriesAsync(
      AppendEntriesRequestProto request) {
    return ask(
        request.getServerRequest(),
        Question.APPEND_ENTRIES,
        request,
        AppendEntriesReplyProto.parser());
  }

  @Override
  public CompletableFuture<ReadIndexReplyProto> readIndexAsync(ReadIndexRequestProto request) {
    return ask(
        request.getServerRequest(), Question.READ_INDEX, request, ReadIndexReplyProto.parser());
  }

  @Override
  public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
    return wait(
        ask(
            request.getServerRequest(),
            Question.REQUEST_VOTE,
            request,
            RequestVoteReplyProto.parser()));
  }

  @Override
  public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
      throws IOException {
    return wait(appendEntriesAsync(request));
  }

  @Override
  public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
      throws IOException {
    return wait(
        ask(
            request.getServerRequest(),
            Question.INSTALL_SNAPSHOT,
            request,
            InstallSnapshotReplyProto.parser()));
  }

  @Override
  public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
      throws IOException {
    return wait(
        ask(
            request.getServerRequest(),
            Question.START_ELECTION,
            request,
            StartLeaderElectionReplyProto.parser()));
  }

  private <A> CompletableFuture<A> ask(
      RaftRpcRequestProto head, Question question, MessageLite request, Parser<A> answer) {
    RaftPeerId peer = RaftPeerId.valueOf(head.getReplyId());
    Optional<String> address =
        Optional.ofNullable(told.get(peer)).or(() -> Optional.ofNullable(configured.get(peer)));
    if (address.isEmpty()) {
      return CompletableFuture.failedFuture(new IOException(peer + " is at an unknown address"));
    }
    return links
        .ask(address.get(), question, request, timeout)
        .thenApply(bytes -> parse(answer, bytes));
  }

  private static <A> A parse(Parser<A> answer, ByteString bytes) {
    try {
      return answer.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new CompletionException(e);
    }
  }

  /** Blocks; of Ratis' own threads. */
  private static <A> A wait(CompletableFuture<A> answer) throws IOException {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      String why =
          e.getCause() instanceof TimeoutException
              ? e.getCause().getMessage()
              : String.valueOf(e.getCause());
      throw new IOException(why, e.getCause());
    }
  }
}
