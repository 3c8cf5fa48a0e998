package dev.staffetta.store;

import dev.staffetta.store.link.PeerLinks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupInfoReply;
import org.apache.ratis.protocol.GroupInfoRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SetConfigurationRequest;

/**
 * Asks one replica of a partition for what is rare, and waits for the answer: to fetch a replica,
 * to change who has one. Each asks once, and waits no longer than {@link #ANSWER_PATIENCE_SECONDS}.
 */
final class RaftClients {
  static final long ANSWER_PATIENCE_SECONDS = 10;

  private final PeerLinks links;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong lastCall = new AtomicLong();

  RaftClients(PeerLinks links) {
    this.links = links;
  }

  /** What the peer itself has, whoever leads. */
  Message staleRead(RaftGroupId group, RaftPeer peer, Message question) throws IOException {
    return answer(
            peer,
            RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(peer.getId())
                .setGroupId(group)
                .setCallId(lastCall.incrementAndGet())
                .setMessage(question)
                .setType(RaftClientRequest.staleReadRequestType(0))
                .build())
        .getMessage();
  }

  /** Who the peers are, as this one knows it, and what it is among them. */
  GroupInfoReply info(RaftGroupId group, RaftPeer peer) throws IOException {
    return (GroupInfoReply)
        answer(peer, new GroupInfoRequest(client, peer.getId(), group, lastCall.incrementAndGet()));
  }

  /** Has the leader change who the peers are, if they are {@code now}. */
  void setPeers(RaftGroupId group, RaftPeer leader, List<RaftPeer> now, List<RaftPeer> wanted)
      throws IOException {
    answer(
        leader,
        new SetConfigurationRequest(
            client,
            leader.getId(),
            group,
            lastCall.incrementAndGet(),
            SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(now)
                .setServersInNewConf(wanted)
                .build()));
  }

  private RaftClientReply answer(RaftPeer peer, RaftClientRequest request) throws IOException {
    CompletableFuture<RaftClientReply> asked =
        links.send(peer.getAddress(), request, Duration.ofSeconds(ANSWER_PATIENCE_SECONDS));
    try {
      RaftClientReply reply = asked.get();
      if (!reply.isSuccess()) {
        throw reply.getException() == null
            ? new IOException("refused without a reason")
            : reply.getException();
      }
      return reply;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause().getMessage()), e.getCause());
    }
  }
}
