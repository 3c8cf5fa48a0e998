package dev.staffetta.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.staffetta.dialogue.Dialogue;
import dev.staffetta.dialogue.DialogueScript;
import dev.staffetta.dialogue.SocketConnection;
import dev.staffetta.imap.session.Input;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Contents;
import dev.staffetta.ports.MailboxView;
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

/** What a client sends that means no good, or does not read, costs that client only. */
class ImapHostileInputTest {
  /** Whatever comes: the session answers or ends, and nothing is left behind. */
  @Property(tries = 500)
  void noInputBreaksASession(@ForAll("inputs") ByteString input) {
    ImapFixture fixture = new ImapFixture();
    fixture.mail.put(fixture.alice, "Subject: one\r\n\r\nText\r\n");
    ImapFixture.Client client = fixture.client();
    client.connection.send(input);
    // Ends whatever the input began: a literal, a response, an IDLE, a message.
    client.connection.send(ImapFixture.bytes("x".repeat(400) + "\r\n\r\nDONE\r\nzz NOOP\r\n"));
    boolean isAnswered = false;
    while (!isAnswered && !client.connection.isEnded()) {
      String line = client.connection.line().orElseThrow();
      assertThat(line).doesNotContain("Exception");
      isAnswered = line.startsWith("zz ");
    }
    client.connection.close();
    assertThat(fixture.mail.subscriptions(fixture.inbox())).isZero();
    assertThat(fixture.mail.spooled()).isZero();
  }

  @Provide
  Arbitrary<ByteString> inputs() {
    Arbitrary<ByteString> noise =
        Arbitraries.bytes().array(byte[].class).ofMaxSize(200).map(ByteString::fromArray);
    Arbitrary<ByteString> commands =
        Arbitraries.of(
                "a LOGIN alice@example.com secret\r\n",
                "a LOGIN {17+}\r\nalice@example.com {6+}\r\nsecret\r\n",
                "a AUTHENTICATE PLAIN\r\n",
                "AGFsaWNlQGV4YW1wbGUuY29tAHNlY3JldA==\r\n",
                "a SELECT INBOX\r\n",
                "a EXAMINE INBOX\r\n",
                "a FETCH 1:* (FLAGS BODY[] BODYSTRUCTURE)\r\n",
                "a UID FETCH 1:* BODY[1.2.3.MIME]<0.5>\r\n",
                "a STORE 1 +FLAGS (\\Deleted x)\r\n",
                "a EXPUNGE\r\n",
                "a SEARCH OR TEXT x NOT (SEEN)\r\n",
                "a COPY 1 INBOX\r\n",
                "a UID MOVE 1 Trash\r\n",
                "a APPEND INBOX {5+}\r\nhello\r\n",
                "a APPEND INBOX {300}\r\n",
                "a APPEND INBOX {300+}\r\n",
                "a CREATE \"{5+}\r\n",
                "a X {50+}\r\n",
                "a IDLE\r\n",
                "DONE\r\n",
                "a LIST (SUBSCRIBED) \"\" (* %) RETURN (STATUS (RECENT))\r\n",
                "a CLOSE\r\n",
                "\r\n")
            .map(ImapFixture::bytes);
    return Arbitraries.frequencyOf(Tuple.of(1, noise), Tuple.of(6, commands))
        .list()
        .ofMaxSize(20)
        .map(parts -> parts.stream().reduce(ByteString.emptyByteString(), ByteString::concat));
  }

  /** Messages are read as fast as the client takes them, and no faster. */
  @Test
  void aClientThatDoesNotReadHoldsTheMessagesBack() throws Exception {
    ImapFixture fixture = new ImapFixture();
    for (int i = 0; i < 200; i++) {
      fixture.mail.put(fixture.alice, "Subject: x\r\n\r\n" + "x".repeat(1 << 20));
    }
    CountedContents contents = new CountedContents(fixture.mail.contents());
    try (LocalServer server =
            LocalServer.start(
                connection ->
                    new ImapProtocol(
                        ImapFixture.settings(""),
                        new ImapPorts(
                            fixture.mail.accounts(),
                            fixture.mail.folders(),
                            fixture.mail.mailboxes(),
                            contents,
                            fixture.mail.spool()),
                        ImapFixture.materializer()));
        SocketConnection client = SocketConnection.open(server.address())) {
      Dialogue.step(
          DialogueScript.of(
              """
              S: * OK …
              C: a LOGIN alice@example.com secret
              S: a OK …
              C: b SELECT INBOX
              S*: * …
              S: b OK …
              """),
          client);
      client.send(ByteString.fromString("c FETCH 1:* BODY.PEEK[]\r\n"));
      await()
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(20))
          .until(contents::isAtRest);
      // What the two sockets' buffers take, and not the 200 MB that it is.
      assertThat(contents.read.get()).isBetween(1L, 64L << 20);
    }
    await().until(() -> fixture.mail.subscriptions(fixture.inbox()) == 0);
  }

  /** However much happens while a client does not read: one view waits, the last. */
  @Test
  void ofTheViewsThatWaitOnlyTheLastIsKept() {
    ImapFixture fixture = new ImapFixture();
    ImapProtocol protocol = fixture.protocol();
    MailboxView view = fixture.mail.view(fixture.inbox());
    Input first = new Input.Stands(1, view);
    Input second = new Input.Stands(1, view);
    assertThat(protocol.coalesce(first, second).orElseThrow()).isSameAs(second);
    assertThat(protocol.coalesce(first, new Input.Gone(1))).contains(new Input.Gone(1));
    assertThat(protocol.coalesce(first, new Input.Stands(2, view))).isEmpty();
    assertThat(protocol.coalesce(new Input.Gone(1), first)).isEmpty();
  }

  private static final class CountedContents implements Contents {
    private final Contents contents;
    final AtomicLong read = new AtomicLong();
    private long lastSeen;

    CountedContents(Contents contents) {
      this.contents = contents;
    }

    boolean isAtRest() {
      long seen = lastSeen;
      lastSeen = read.get();
      return seen == lastSeen && seen > 0;
    }

    @Override
    public Source<ByteString, NotUsed> read(
        AccountId account, ContentId content, long offset, long length) {
      return contents
          .read(account, content, offset, length)
          .wireTap(chunk -> read.addAndGet(chunk.size()));
    }

    @Override
    public CompletionStage<ByteString> readSmall(
        AccountId account, ContentId content, long offset, int length) {
      return contents
          .readSmall(account, content, offset, length)
          .thenApply(
              bytes -> {
                read.addAndGet(bytes.size());
                return bytes;
              });
    }

    @Override
    public CompletionStage<List<MessageSummary>> summaries(AccountId account, List<ContentId> ids) {
      return contents.summaries(account, ids);
    }
  }
}
