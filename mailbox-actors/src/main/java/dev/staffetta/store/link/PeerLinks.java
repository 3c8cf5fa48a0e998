package dev.staffetta.store.link;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.impl.ClientProtoUtils;
import org.apache.ratis.proto.RaftProtos.GroupInfoReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftClientReplyProto;
import org.apache.ratis.protocol.GroupInfoReply;
import org.apache.ratis.protocol.GroupInfoRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.io.netty.bootstrap.Bootstrap;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelOption;
import org.apache.ratis.thirdparty.io.netty.channel.EventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.channel.WriteBufferWaterMark;
import org.apache.ratis.thirdparty.io.netty.channel.nio.NioEventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.channel.socket.nio.NioSocketChannel;
import org.apache.ratis.thirdparty.io.netty.util.concurrent.DefaultThreadFactory;

/**
 * A node's connections to all others, for all partitions: one for Raft itself, and one for what
 * clients ask, so that a megabyte of mail does not stand before a vote.
 */
public final class PeerLinks implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int CONNECT_MILLIS = 1_000;
  private static final long SWEEP_MILLIS = 100;
  private static final Duration IDLE = Duration.ofMinutes(5);

  private final EventLoopGroup loops =
      new NioEventLoopGroup(THREADS, new DefaultThreadFactory("store-link", true));
  private final Optional<LinkTls> tls;
  private final Map<String, PeerLink> ofRaft = new ConcurrentHashMap<>();
  private final Map<String, PeerLink> ofClients = new ConcurrentHashMap<>();
  private final Bootstrap bootstrap =
      new Bootstrap()
          .group(loops)
          .channel(NioSocketChannel.class)
          .option(ChannelOption.TCP_NODELAY, true)
          .option(ChannelOption.SO_KEEPALIVE, true)
          .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
          .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WriteBufferWaterMark.DEFAULT);

  /** Those of a node, plain or with its certificate. */
  public PeerLinks(Optional<LinkTls> tls) {
    this.tls = tls;
    var unused =
        loops
            .next()
            .scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Sends a client's request to the server at {@code host:port}.
   *
   * @return fails when there was no answer in time: what became of it is not known
   */
  public CompletableFuture<RaftClientReply> send(
      String address, RaftClientRequest request, Duration timeout) {
    if (request instanceof GroupInfoRequest info) {
      return askOfClient(
              address, Question.GROUP_INFO, ClientProtoUtils.toGroupInfoRequestProto(info), timeout)
          .thenApply(PeerLinks::groupInfo);
    }
    return (request instanceof SetConfigurationRequest change
            ? askOfClient(
                address,
                Question.SET_CONFIGURATION,
                ClientProtoUtils.toSetConfigurationRequestProto(change),
                timeout)
            : askOfClient(
                address,
                Question.CLIENT,
                ClientProtoUtils.toRaftClientRequestProto(request),
                timeout))
        .thenApply(PeerLinks::reply);
  }

  private CompletableFuture<ByteString> askOfClient(
      String address, Question question, MessageLite payload, Duration timeout) {
    return link(ofClients, address).ask(question, payload, timeout);
  }

  /** As Raft servers among themselves. */
  CompletableFuture<ByteString> ask(
      String address, Question question, MessageLite payload, Duration timeout) {
    return link(ofRaft, address).ask(question, payload, timeout);
  }

  private PeerLink link(Map<String, PeerLink> links, String address) {
    return links.computeIfAbsent(address, to -> new PeerLink(to, bootstrap, tls));
  }

  private static RaftClientReply reply(ByteString bytes) {
    try {
      return ClientProtoUtils.toRaftClientReply(RaftClientReplyProto.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("an answer that is none", e);
    }
  }

  private static GroupInfoReply groupInfo(ByteString bytes) {
    try {
      return ClientProtoUtils.toGroupInfoReply(GroupInfoReplyProto.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("an answer that is none", e);
    }
  }

  private void sweep() {
    long now = System.nanoTime();
    ofRaft.values().forEach(link -> link.sweep(now));
    ofClients.values().forEach(link -> link.sweep(now));
    ofClients
        .values()
        .removeIf(
            link -> {
              boolean isIdle = link.isIdleSince(now - IDLE.toNanos());
              if (isIdle) {
                link.close();
              }
              return isIdle;
            });
  }

  EventLoopGroup loops() {
    return loops;
  }

  Optional<LinkTls> tls() {
    return tls;
  }

  /** May be called twice. */
  @Override
  public void close() {
    ofRaft.values().forEach(PeerLink::close);
    ofClients.values().forEach(PeerLink::close);
    var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
