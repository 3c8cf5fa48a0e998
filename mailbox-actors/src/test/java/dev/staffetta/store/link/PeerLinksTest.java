package dev.staffetta.store.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Questions and answers over real sockets, with a Raft server that only says what a test wants. */
@Timeout(30)
class PeerLinksTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final PeerLinks links = new PeerLinks(Optional.empty());
  private final CountDownLatch voting = new CountDownLatch(1);
  private LinkListener listener;
  private String address;

  @BeforeEach
  void listen() throws IOException {
    listener =
        new LinkListener(
            server(), links, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), PATIENCE);
    listener.start();
    address = "127.0.0.1:" + listener.address().getPort();
  }

  @AfterEach
  void close() {
    voting.countDown();
    listener.close();
    links.close();
  }

  /** Appends at once, refuses term 7, and does not vote before it may. */
  private RaftServer server() {
    return (RaftServer)
        Proxy.newProxyInstance(
            RaftServer.class.getClassLoader(),
            new Class<?>[] {RaftServer.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "appendEntriesAsync" -> appended((AppendEntriesRequestProto) arguments[0]);
                  case "requestVote" -> {
                    voting.await();
                    throw new IOException("no vote");
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static CompletableFuture<AppendEntriesReplyProto> appended(
      AppendEntriesRequestProto request) {
    return request.getLeaderTerm() == 7
        ? CompletableFuture.failedFuture(new IOException("not that term"))
        : CompletableFuture.completedFuture(
            AppendEntriesReplyProto.newBuilder().setTerm(request.getLeaderTerm()).build());
  }

  private CompletableFuture<ByteString> append(long term) {
    return links.ask(
        address,
        Question.APPEND_ENTRIES,
        AppendEntriesRequestProto.newBuilder().setLeaderTerm(term).build(),
        LONG);
  }

  private CompletableFuture<ByteString> vote(Duration timeout) {
    return links.ask(
        address, Question.REQUEST_VOTE, RequestVoteRequestProto.getDefaultInstance(), timeout);
  }

  private static long term(CompletableFuture<ByteString> answer) throws Exception {
    return AppendEntriesReplyProto.parseFrom(answer.get()).getTerm();
  }

  @Test
  void eachQuestionGetsItsOwnAnswerAndARefusalItsReason() throws Exception {
    CompletableFuture<ByteString> first = append(1);
    CompletableFuture<ByteString> refused = append(7);
    CompletableFuture<ByteString> second = append(2);
    assertThat(term(first)).isEqualTo(1);
    assertThat(term(second)).isEqualTo(2);
    assertThatThrownBy(refused::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(RefusedException.class)
        .hasMessageContaining("not that term");
  }

  @Test
  void aQuestionThatHangsHoldsUpNoOther() throws Exception {
    CompletableFuture<ByteString> hanging = vote(LONG);
    assertThat(term(append(3))).isEqualTo(3);
    assertThat(hanging).isNotDone();
    voting.countDown();
    assertThatThrownBy(hanging::get).hasMessageContaining("no vote");
  }

  @Test
  void whatIsNotAnsweredInTimeFails() {
    assertThatThrownBy(() -> vote(Duration.ofMillis(200)).get())
        .hasCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void aNodeThatIsGoneFailsAtOnceAndIsFoundAgain() throws Exception {
    assertThat(term(append(1))).isEqualTo(1);
    int port = listener.address().getPort();
    CompletableFuture<ByteString> pending = vote(LONG);
    listener.close();
    assertThatThrownBy(pending::get).isInstanceOf(ExecutionException.class);
    assertThatThrownBy(() -> append(2).get()).isInstanceOf(ExecutionException.class);
    listener =
        new LinkListener(
            server(),
            links,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            PATIENCE);
    listener.start();
    Awaitility.await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(term(append(4))).isEqualTo(4));
  }

  @Test
  void whoDoesNotGreetAsANodeIsTurnedAway() throws Exception {
    try (Socket stranger =
            new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
        InputStream in = stranger.getInputStream()) {
      stranger.setSoTimeout((int) LONG.toMillis());
      stranger
          .getOutputStream()
          .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(in.read()).isEqualTo(-1);
    }
    assertThat(term(append(5))).isEqualTo(5);
  }

  @Test
  void whoSaysNothingIsTurnedAwayToo() throws Exception {
    try (Socket stranger =
            new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
        InputStream in = stranger.getInputStream()) {
      stranger.setSoTimeout((int) LONG.toMillis());
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  /** As a system does for a process that hangs, and a relay for one that is gone. */
  @Test
  void whoTakesConnectionsAndDoesNotGreetIsNotReached() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<ByteString> asked = append(silent, LONG);
      try (Socket taken = silent.accept()) {
        taken.setSoTimeout((int) LONG.toMillis());
        assertThatThrownBy(asked::get).hasMessageContaining("cannot be reached");
        assertThat(taken.getInputStream().readAllBytes()).isEqualTo(Frame.GREETING);
      }
      // It is tried again meanwhile, and nobody waits for that.
      assertThat(append(silent, LONG)).isCompletedExceptionally();
    }
  }

  @Test
  void aNodeThatGreetsAndDoesNotAnswerIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<ByteString> asked = append(silent, Duration.ofMillis(300));
      try (Socket taken = silent.accept()) {
        taken.setSoTimeout((int) LONG.toMillis());
        taken.getOutputStream().write(Frame.GREETING);
        assertThatThrownBy(asked::get).hasCauseInstanceOf(TimeoutException.class);
        // What waits to be written to it would be kept for ever: the connection is closed.
        byte[] rest = taken.getInputStream().readAllBytes();
        assertThat(rest).startsWith(Frame.GREETING).hasSizeGreaterThan(Frame.GREETING.length);
      }
    }
  }

  private CompletableFuture<ByteString> append(ServerSocket to, Duration timeout) {
    return links.ask(
        "127.0.0.1:" + to.getLocalPort(),
        Question.APPEND_ENTRIES,
        AppendEntriesRequestProto.getDefaultInstance(),
        timeout);
  }
}
