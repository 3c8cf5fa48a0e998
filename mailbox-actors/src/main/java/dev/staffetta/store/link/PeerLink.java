package dev.staffetta.store.link;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.io.netty.bootstrap.Bootstrap;
import org.apache.ratis.thirdparty.io.netty.buffer.ByteBuf;
import org.apache.ratis.thirdparty.io.netty.channel.Channel;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelFuture;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelHandlerContext;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelInitializer;
import org.apache.ratis.thirdparty.io.netty.channel.SimpleChannelInboundHandler;
import org.apache.ratis.thirdparty.io.netty.channel.socket.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to one node, made when it is first needed and made again after it broke. Many
 * questions are on their way at a time, and are answered in any order.
 */
// What Netty's futures tell of a failure, the channel's end tells too.
@SuppressWarnings("FutureReturnValueIgnored")
final class PeerLink {
  private static final Logger log = LoggerFactory.getLogger(PeerLink.class);

  /** Between attempts to reach a node that cannot be reached; whoever asks meanwhile fails. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * How long a node that takes a connection may be silent. A system takes connections for a process
   * that hangs, and a relay for one that is gone.
   */
  private static final Duration GREETING_PATIENCE = Duration.ofSeconds(1);

  private static final long REPEATED_LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String address;
  private final InetSocketAddress target;
  private final Bootstrap bootstrap;
  private final Optional<LinkTls> tls;
  private final AtomicLong lastCall = new AtomicLong();
  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();

  private Optional<Channel> channel = Optional.empty();
  private Optional<Connecting> connecting = Optional.empty();
  private long failedAtNanos;
  private String failure = "";
  private boolean isClosed;
  private long loggedAtNanos = System.nanoTime() - REPEATED_LOG_NANOS;
  private volatile long heardNanos;
  private volatile long usedNanos = System.nanoTime();

  private record Connecting(ChannelFuture attempt, Channel over, CompletableFuture<Channel> made) {}

  private record Pending(
      CompletableFuture<ByteString> answer, Channel over, long sentNanos, long timeoutNanos) {}

  /**
   * To {@code host:port}.
   *
   * @param bootstrap of the event loops, without handlers
   */
  PeerLink(String address, Bootstrap bootstrap, Optional<LinkTls> tls) {
    int colon = address.lastIndexOf(':');
    this.address = address;
    this.target =
        InetSocketAddress.createUnresolved(
            address.substring(0, colon).replaceAll("[\\[\\]]", ""),
            Integer.parseInt(address.substring(colon + 1)));
    this.tls = tls;
    this.bootstrap =
        bootstrap
            .clone()
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel made) {
                    prepare(made);
                  }
                });
  }

  private void prepare(SocketChannel made) {
    tls.ifPresent(
        t ->
            made.pipeline()
                .addLast(t.asking(made.alloc(), target.getHostString(), target.getPort())));
    made.pipeline().addLast(new AskedGreeting());
    LinkPipeline.addFrames(made.pipeline());
    made.pipeline().addLast(new Answers());
  }

  /**
   * Asks.
   *
   * @return the answer's payload; fails with {@link RefusedException}, {@link TimeoutException}, or
   *     when the node cannot be reached or the connection breaks
   */
  CompletableFuture<ByteString> ask(Question question, MessageLite payload, Duration timeout) {
    usedNanos = System.nanoTime();
    CompletableFuture<Channel> open = open();
    if (open.isDone() && !open.isCompletedExceptionally()) {
      return send(open.join(), question, payload, timeout);
    }
    return open.thenCompose(over -> send(over, question, payload, timeout));
  }

  private CompletableFuture<ByteString> send(
      Channel over, Question question, MessageLite payload, Duration timeout) {
    long call = lastCall.incrementAndGet();
    CompletableFuture<ByteString> answer = new CompletableFuture<>();
    pending.put(call, new Pending(answer, over, System.nanoTime(), timeout.toNanos()));
    ByteBuf frame = Frame.encode(over.alloc(), question.code(), call, payload);
    over.writeAndFlush(frame)
        .addListener(
            written -> {
              if (!written.isSuccess()) {
                fail(call, written.cause());
              }
            });
    return answer;
  }

  private void fail(long call, Throwable why) {
    Pending asked = pending.remove(call);
    if (asked != null) {
      asked.answer.completeExceptionally(why);
    }
  }

  private synchronized CompletableFuture<Channel> open() {
    if (channel.isPresent()) {
      return CompletableFuture.completedFuture(channel.get());
    }
    if (isClosed) {
      return CompletableFuture.failedFuture(new IOException("the node is stopping"));
    }
    boolean isFailing = !failure.isEmpty();
    if (connecting.isEmpty() && !(isFailing && isPausing())) {
      Connecting started = connect();
      connecting = Optional.of(started);
      watch(started);
    }
    // Who asks a node that was not there last time does not wait to hear whether it is back.
    return isFailing
        ? CompletableFuture.failedFuture(new IOException(failure))
        : connecting.orElseThrow().made;
  }

  private boolean isPausing() {
    return System.nanoTime() - failedAtNanos < PAUSE_NANOS;
  }

  private Connecting connect() {
    ChannelFuture attempt = bootstrap.connect(target);
    return new Connecting(attempt, attempt.channel(), new CompletableFuture<>());
  }

  private void watch(Connecting started) {
    Channel over = started.over;
    over.closeFuture().addListener(closed -> ended(over));
    started.attempt.addListener(
        done -> {
          if (done.isSuccess()) {
            greet(over);
          } else {
            cannotReach(over, done.cause());
          }
        });
  }

  /** Through TLS the greeting is written once both sides have shown who they are. */
  private void greet(Channel over) {
    over.writeAndFlush(Frame.greeting(over.alloc()))
        .addListener(
            written -> {
              if (!written.isSuccess()) {
                cannotReach(over, written.cause());
                over.close();
              }
            });
  }

  private void reached(Channel over) {
    heardNanos = System.nanoTime();
    Optional<CompletableFuture<Channel>> waiting;
    boolean isWanted;
    synchronized (this) {
      waiting = endOfAttempt(over);
      isWanted = waiting.isPresent() && !isClosed;
      if (isWanted) {
        channel = Optional.of(over);
        if (!failure.isEmpty()) {
          log.info("{} is reached again", address);
        }
        failure = "";
      }
    }
    if (isWanted) {
      waiting.ifPresent(made -> made.complete(over));
    } else {
      over.close();
      waiting.ifPresent(
          made -> made.completeExceptionally(new IOException("the node is stopping")));
    }
  }

  private void cannotReach(Channel over, Throwable why) {
    IOException told = new IOException(address + " cannot be reached: " + why.getMessage(), why);
    Optional<CompletableFuture<Channel>> waiting;
    synchronized (this) {
      waiting = endOfAttempt(over);
      if (waiting.isPresent()) {
        failure = String.valueOf(told.getMessage());
        failedAtNanos = System.nanoTime();
        if (failedAtNanos - loggedAtNanos >= REPEATED_LOG_NANOS) {
          loggedAtNanos = failedAtNanos;
          log.warn("{}", failure);
        }
      }
    }
    waiting.ifPresent(made -> made.completeExceptionally(told));
  }

  /** Those who wait for the attempt that made this channel, if they do still. */
  private Optional<CompletableFuture<Channel>> endOfAttempt(Channel over) {
    Optional<Connecting> ended = connecting.filter(attempt -> attempt.over.equals(over));
    if (ended.isPresent()) {
      connecting = Optional.empty();
    }
    return ended.map(Connecting::made);
  }

  private void ended(Channel over) {
    cannotReach(over, new IOException("it did not say that it is a node of this version"));
    synchronized (this) {
      if (channel.filter(over::equals).isPresent()) {
        channel = Optional.empty();
      }
    }
    IOException why = new IOException("the connection to " + address + " is lost");
    pending.forEach(
        (call, asked) -> {
          if (asked.over.equals(over)) {
            fail(call, why);
          }
        });
  }

  /**
   * Gives up what has waited too long. A connection on which nothing was heard meanwhile is given
   * up with it: what waits to be written to it is memory.
   */
  void sweep(long nowNanos) {
    pending.forEach(
        (call, asked) -> {
          if (nowNanos - asked.sentNanos >= asked.timeoutNanos) {
            fail(call, new TimeoutException("no answer of " + address));
            if (heardNanos - asked.sentNanos < 0) {
              asked.over.close();
            }
          }
        });
  }

  /** Whether nothing was asked for so long, and nothing is on its way. */
  boolean isIdleSince(long nanos) {
    return usedNanos - nanos < 0 && pending.isEmpty();
  }

  void close() {
    Optional<Channel> open;
    synchronized (this) {
      isClosed = true;
      open = channel;
    }
    open.ifPresent(Channel::close);
  }

  private final class AskedGreeting extends Greeting {
    AskedGreeting() {
      super(GREETING_PATIENCE);
    }

    @Override
    void greeted(ChannelHandlerContext context) {
      reached(context.channel());
    }

    @Override
    void refused(ChannelHandlerContext context) {
      // The end of the channel tells.
    }
  }

  private final class Answers extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
      heardNanos = System.nanoTime();
      Frame frame = Frame.decode(bytes);
      Pending asked = pending.remove(frame.call());
      if (asked == null) {
        return;
      }
      if (frame.code() == Frame.ANSWER) {
        asked.answer.complete(frame.payload());
      } else {
        asked.answer.completeExceptionally(new RefusedException(frame.payload().toStringUtf8()));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable why) {
      log.debug("The connection to {} breaks", address, why);
      context.close();
    }
  }
}
