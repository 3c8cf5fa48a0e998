package dev.staffetta.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.staffetta.dialogue.Dialogue;
import dev.staffetta.dialogue.DialogueScript;
import dev.staffetta.dialogue.SocketConnection;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Contents;
import dev.staffetta.wire.LocalServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** What a client sends that means no good costs that client only. */
class Pop3HostileInputTest {
  /** Whatever comes: the session answers or ends, and the lock is let go. */
  @Property(tries = 500)
  void noInputBreaksASession(@ForAll("inputs") ByteString input) {
    Pop3Fixture fixture = new Pop3Fixture();
    var connection = fixture.open();
    connection.send(input);
    connection.send(ByteString.fromString("\r\nNOOP\r\n"));
    String replies = connection.unread().utf8String();
    assertThat(replies).startsWith("+OK").endsWith("\r\n");
    assertThat(replies.substring(0, replies.length() - 2).contains("\r\n") || connection.isEnded())
        .isTrue();
    connection.close();
    assertThat(fixture.mail.isMaildropLocked(fixture.alice)).isFalse();
  }

  @Provide
  Arbitrary<ByteString> inputs() {
    Arbitrary<ByteString> noise =
        Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(ByteString::fromArray);
    Arbitrary<ByteString> commands =
        Arbitraries.of(
                "USER alice@example.com\r\n",
                "PASS secret\r\n",
                "AUTH PLAIN\r\n",
                "AGFsaWNlQGV4YW1wbGUuY29tAHNlY3JldA==\r\n",
                "*\r\n",
                "STLS \0\r\n",
                "RETR 1\r\n",
                "TOP 2 1\r\n",
                "DELE 1\r\n",
                "LIST 2\r\n",
                "RSET\r\n",
                "QUIT\r\n",
                "\r\n")
            .map(ByteString::fromString);
    return Arbitraries.frequencyOf(Tuple.of(1, noise), Tuple.of(5, commands))
        .list()
        .ofMaxSize(20)
        .map(parts -> parts.stream().reduce(ByteString.emptyByteString(), ByteString::concat));
  }

  /** The message is read as fast as the client takes it, and no faster. */
  @Test
  void aClientThatDoesNotReadHoldsTheMessageBack() throws Exception {
    Pop3Fixture fixture = new Pop3Fixture();
    EndlessContents contents = new EndlessContents();
    try (LocalServer server =
            LocalServer.start(
                connection ->
                    new Pop3Protocol(
                        Pop3Fixture.SETTINGS,
                        fixture.mail.accounts(),
                        fixture.mail.mailboxes(),
                        contents));
        SocketConnection client = SocketConnection.open(server.address())) {
      Dialogue.step(
          DialogueScript.of("S: +OK…\nC: USER alice@example.com\nS: +OK…\nC: PASS secret\nS: +OK…"),
          client);
      client.send(ByteString.fromString("RETR 1\r\n"));
      await()
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(20))
          .until(contents::isAtRest);
      // What the two sockets' buffers take, and not the half gigabyte that it is.
      assertThat(contents.read.get()).isBetween(1L, 64L << 20);
    }
    await().until(() -> !fixture.mail.isMaildropLocked(fixture.alice));
  }

  private static final class EndlessContents implements Contents {
    private static final ByteString CHUNK =
        ByteString.fromString(("x".repeat(1022) + "\r\n").repeat(64));

    final AtomicLong read = new AtomicLong();
    private long lastSeen;

    boolean isAtRest() {
      long seen = lastSeen;
      lastSeen = read.get();
      return seen == lastSeen && seen > 0;
    }

    @Override
    public Source<ByteString, NotUsed> read(
        AccountId account, ContentId content, long offset, long length) {
      return Source.repeat(CHUNK).take(8192).wireTap(chunk -> read.addAndGet(chunk.size()));
    }

    @Override
    public CompletionStage<ByteString> readSmall(
        AccountId account, ContentId content, long offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<List<MessageSummary>> summaries(
        AccountId account, List<ContentId> contents) {
      throw new UnsupportedOperationException();
    }
  }
}
