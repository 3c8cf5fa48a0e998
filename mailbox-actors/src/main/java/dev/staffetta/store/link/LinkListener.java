package dev.staffetta.store.link;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.impl.ClientProtoUtils;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.GroupInfoRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftClientRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.SetConfigurationRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.io.netty.bootstrap.ServerBootstrap;
import org.apache.ratis.thirdparty.io.netty.buffer.ByteBuf;
import org.apache.ratis.thirdparty.io.netty.channel.Channel;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelFuture;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelHandlerContext;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelInitializer;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelOption;
import org.apache.ratis.thirdparty.io.netty.channel.SimpleChannelInboundHandler;
import org.apache.ratis.thirdparty.io.netty.channel.group.ChannelGroup;
import org.apache.ratis.thirdparty.io.netty.channel.group.DefaultChannelGroup;
import org.apache.ratis.thirdparty.io.netty.channel.socket.SocketChannel;
import org.apache.ratis.thirdparty.io.netty.channel.socket.nio.NioServerSocketChannel;
import org.apache.ratis.thirdparty.io.netty.util.concurrent.DefaultThreadFactory;
import org.apache.ratis.thirdparty.io.netty.util.concurrent.GlobalEventExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where other nodes connect to: hands their questions to the Raft server and sends its answers
 * back.
 *
 * <p>A question may have to wait for a lock or a disk of its partition, so each has a thread of its
 * own; the answer comes when it comes, and no partition waits for another's.
 */
// What Netty's futures tell of a failure, the channel's end tells too.
@SuppressWarnings("FutureReturnValueIgnored")
final class LinkListener {
  private static final Logger log = LoggerFactory.getLogger(LinkListener.class);

  /** A leader has two questions at most on their way for each partition and follower. */
  private static final int MAX_THREADS = 256;

  private static final long IDLE_THREAD_SECONDS = 30;
  private static final int BACKLOG = 128;

  private final RaftServer server;
  private final PeerLinks links;
  private final InetSocketAddress wanted;
  private final Duration greetingPatience;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          MAX_THREADS,
          IDLE_THREAD_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          new DefaultThreadFactory("store-link-question", true));
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private volatile Optional<Channel> bound = Optional.empty();

  /**
   * At {@code wanted}, once started.
   *
   * @param greetingPatience how long who connects may take to say who it is
   */
  LinkListener(
      RaftServer server, PeerLinks links, InetSocketAddress wanted, Duration greetingPatience) {
    this.server = server;
    this.links = links;
    this.wanted = wanted;
    this.greetingPatience = greetingPatience;
  }

  /**
   * Listens.
   *
   * @throws IOException when the address cannot be had
   */
  void start() throws IOException {
    ChannelFuture binding =
        new ServerBootstrap()
            .group(links.loops())
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel accepted) {
                    prepare(accepted);
                  }
                })
            .bind(wanted)
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      throw new IOException(
          "cannot listen for other nodes' Raft at " + wanted + ": " + binding.cause().getMessage(),
          binding.cause());
    }
    bound = Optional.of(binding.channel());
  }

  private void prepare(SocketChannel accepted) {
    connections.add(accepted);
    links.tls().ifPresent(tls -> accepted.pipeline().addLast(tls.asked(accepted.alloc())));
    accepted.pipeline().addLast(new AskersGreeting());
    LinkPipeline.addFrames(accepted.pipeline());
    accepted.pipeline().addLast(new Questions());
  }

  /** Where it listens, or will. */
  InetSocketAddress address() {
    return bound.map(channel -> (InetSocketAddress) channel.localAddress()).orElse(wanted);
  }

  void close() {
    bound.ifPresent(Channel::close);
    connections.close();
    threads.shutdownNow();
  }

  private CompletableFuture<? extends MessageLite> answer(Question question, ByteString payload)
      throws IOException {
    return switch (question) {
      case APPEND_ENTRIES ->
          server.appendEntriesAsync(AppendEntriesRequestProto.parseFrom(payload));
      case READ_INDEX -> server.readIndexAsync(ReadIndexRequestProto.parseFrom(payload));
      case REQUEST_VOTE -> done(server.requestVote(RequestVoteRequestProto.parseFrom(payload)));
      case START_ELECTION ->
          done(server.startLeaderElection(StartLeaderElectionRequestProto.parseFrom(payload)));
      case INSTALL_SNAPSHOT ->
          done(server.installSnapshot(InstallSnapshotRequestProto.parseFrom(payload)));
      case CLIENT ->
          server
              .submitClientRequestAsync(
                  ClientProtoUtils.toRaftClientRequest(RaftClientRequestProto.parseFrom(payload)))
              .thenApply(ClientProtoUtils::toRaftClientReplyProto);
      case SET_CONFIGURATION ->
          server
              .setConfigurationAsync(
                  ClientProtoUtils.toSetConfigurationRequest(
                      SetConfigurationRequestProto.parseFrom(payload)))
              .thenApply(ClientProtoUtils::toRaftClientReplyProto);
      case GROUP_INFO ->
          server
              .getGroupInfoAsync(
                  ClientProtoUtils.toGroupInfoRequest(GroupInfoRequestProto.parseFrom(payload)))
              .thenApply(ClientProtoUtils::toGroupInfoReplyProto);
    };
  }

  private static <A> CompletableFuture<A> done(A answer) {
    return CompletableFuture.completedFuture(answer);
  }

  private final class Questions extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
      Frame frame = Frame.decode(bytes);
      Optional<Question> question = Question.of(frame.code());
      if (question.isEmpty()) {
        refuse(context, frame, "a question of an unknown kind, " + frame.code());
        return;
      }
      try {
        threads.execute(() -> ask(context, frame, question.get()));
      } catch (RejectedExecutionException e) {
        refuse(context, frame, "too many questions at once");
      }
    }

    private void ask(ChannelHandlerContext context, Frame frame, Question question) {
      CompletableFuture<? extends MessageLite> answer;
      try {
        answer = answer(question, frame.payload());
      } catch (IOException | RuntimeException e) {
        answer = CompletableFuture.failedFuture(e);
      }
      var unused =
          answer.whenComplete(
              (message, failure) -> {
                if (failure != null) {
                  log.debug("{} fails", question, failure);
                  refuse(context, frame, reason(failure));
                } else {
                  context.writeAndFlush(
                      Frame.encode(context.alloc(), Frame.ANSWER, frame.call(), message),
                      context.voidPromise());
                }
              });
    }

    private void refuse(ChannelHandlerContext context, Frame frame, String why) {
      context.writeAndFlush(
          Frame.refusal(context.alloc(), frame.call(), why), context.voidPromise());
    }

    private String reason(Throwable failure) {
      Throwable inner =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      return inner.getClass().getSimpleName() + ": " + inner.getMessage();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable why) {
      log.debug("The connection of {} breaks", context.channel().remoteAddress(), why);
      context.close();
    }
  }

  /** Says who it is when the other side has said so. */
  private final class AskersGreeting extends Greeting {
    AskersGreeting() {
      super(greetingPatience);
    }

    @Override
    void greeted(ChannelHandlerContext context) {
      context.writeAndFlush(Frame.greeting(context.alloc()));
    }

    @Override
    void refused(ChannelHandlerContext context) {
      log.warn(
          "{} is not a node of this version: its connection to the Raft port is closed",
          context.channel().remoteAddress());
    }
  }
}
