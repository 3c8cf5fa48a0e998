package dev.staffetta.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.dialogue.Dialogue;
import dev.staffetta.dialogue.DialogueScript;
import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes.Expunge;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.UidSet;
import dev.staffetta.ports.memory.Faults;
import dev.staffetta.ports.memory.PortCall;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How a session ends, and what it does when a port fails. What commands do is in the dialogues. */
class Pop3SessionTest {
  private static final String LOGIN =
      """
      S: +OK…
      C: USER alice@example.com
      S: +OK…
      C: PASS secret
      S: +OK…
      """;

  private final Pop3Fixture fixture = new Pop3Fixture();

  /** Each ending, what the client sees of it, and that the lock is gone and nothing removed. */
  @ParameterizedTest
  @MethodSource("endings")
  void whoEndsWithoutQuitRemovesNothingAndUnlocks(Ending ending) {
    var connection = fixture.open();
    run(connection, LOGIN + "C: DELE 1\nS: +OK…\n");
    assertThat(fixture.mail.isMaildropLocked(fixture.alice)).isTrue();
    ending.how.accept(connection);
    assertThat(connection.unread()).isEqualTo(ByteString.emptyByteString());
    assertThat(connection.isEnded()).isTrue();
    assertThat(fixture.mail.isMaildropLocked(fixture.alice)).isFalse();
    assertThat(fixture.mail.view(fixture.inbox).messages().size()).isEqualTo(2);
  }

  /** A way for a connection to end without QUIT. */
  private record Ending(String name, Consumer<PureConnection<?, ?, ?, ?, ?>> how) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Ending> endings() {
    return List.of(
        new Ending("the client vanishes", PureConnection::close),
        new Ending("the client closes its side", PureConnection::endInput),
        new Ending("the client is silent", PureConnection::timeOut),
        new Ending("the server stops", PureConnection::shutDown));
  }

  @Test
  void tooManyErrorsEndTheSessionAndUnlock() {
    var connection = fixture.open();
    run(
        connection,
        LOGIN
            + "C: DELE 1\nS: +OK…\n"
            + "C: X\nS: -ERR…\n".repeat(4)
            + "C: X\nS: -ERR…too many errors\nS-EOF:\n");
    assertThat(fixture.mail.isMaildropLocked(fixture.alice)).isFalse();
    assertThat(fixture.mail.view(fixture.inbox).messages().size()).isEqualTo(2);
  }

  @Test
  void quitRemovesWhatIsMarkedAndNothingElse() {
    var connection = fixture.open();
    run(connection, LOGIN + "C: DELE 1\nS: +OK…\n");
    fixture.mail.put(fixture.alice, "came meanwhile");
    run(connection, "C: STAT\nS: +OK 1 200\nC: QUIT\nS: +OK…\nS-EOF:\n");
    assertThat(fixture.mail.view(fixture.inbox).messages().stream().map(m -> m.uid()))
        .containsExactly(11L, 12L);
    assertThat(fixture.mail.isMaildropLocked(fixture.alice)).isFalse();
  }

  @Test
  void quitWithoutMarksAsksForNoExpunge() {
    run(fixture.open(), LOGIN + "C: DELE 1\nS: +OK…\nC: RSET\nS: +OK…\nC: QUIT\nS: +OK…\nS-EOF:\n");
    assertThat(fixture.mail.faults().calls(PortCall.EXPUNGE)).isZero();
    assertThat(fixture.mail.isMaildropLocked(fixture.alice)).isFalse();
  }

  @Test
  void quitSaysOkOnlyWhenTheMessagesAreGone() {
    Faults.Held expunge = fixture.mail.faults().holdNext(PortCall.EXPUNGE);
    var connection = fixture.open();
    run(connection, LOGIN + "C: DELE 1\nS: +OK…\nC: QUIT\n");
    assertThat(connection.unread().isEmpty()).isTrue();
    expunge.release();
    run(connection, "S: +OK…\nS-EOF:\n");
  }

  /** A client that has its answer may come again before the server has seen the connection end. */
  @Test
  void theLockIsGoneBeforeQuitIsAnswered() {
    Pop3Protocol protocol = fixture.protocol();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    assertThat(
            protocol.run(
                new Pop3Effect.LogIn("alice@example.com", "secret", loopback), event -> {}))
        .isCompletedWithValueMatching(Pop3Input.LoggedIn.class::isInstance);
    assertThat(fixture.mail.isMaildropLocked(fixture.alice)).isTrue();
    assertThat(protocol.run(new Pop3Effect.Update(fixture.inbox, UidSet.EMPTY), event -> {}))
        .isCompletedWithValue(new Pop3Input.Updated());
    assertThat(fixture.mail.isMaildropLocked(fixture.alice)).isFalse();
  }

  /** RFC 1939 6: -ERR when some messages were not removed. */
  @Test
  void quitSaysNoWhenTheMessagesMayStillBeThere() {
    fixture.mail.faults().refuseNext(PortCall.EXPUNGE, Refusal.Code.UNAVAILABLE);
    run(fixture.open(), LOGIN + "C: DELE 1\nS: +OK…\nC: QUIT\nS: -ERR [SYS/TEMP] some…\nS-EOF:\n");
    assertThat(fixture.mail.isMaildropLocked(fixture.alice)).isFalse();

    fixture.mail.faults().failNext(PortCall.EXPUNGE);
    run(fixture.open(), LOGIN + "C: DELE 1\nS: +OK…\nC: QUIT\nS: -ERR [SYS/TEMP] some…\nS-EOF:\n");
    assertThat(fixture.mail.isMaildropLocked(fixture.alice)).isFalse();
    assertThat(fixture.mail.view(fixture.inbox).messages().size()).isEqualTo(2);
  }

  @Test
  void aMessageThatAnotherSessionRemovedIsGoneAsWished() {
    var connection = fixture.open();
    run(connection, LOGIN + "C: DELE 1\nS: +OK…\n");
    fixture
        .mail
        .mailboxes()
        .expunge(fixture.inbox, new Expunge.Exactly(UidSet.of(10)))
        .toCompletableFuture()
        .join();
    run(
        connection,
        "C: LIST 1\nS: -ERR…\nC: RETR 2\nS: +OK…\nS*: …\nS: .\nC: QUIT\nS: +OK…\nS-EOF:\n");
    assertThat(fixture.mail.view(fixture.inbox).messages().size()).isEqualTo(1);
  }

  @Test
  void aPortThatFailsAtLoginIsATemporaryErrorAndLeavesNoLock() {
    for (PortCall call :
        new PortCall[] {PortCall.AUTHENTICATE, PortCall.LOCK_MAILDROP, PortCall.VIEW}) {
      fixture.mail.faults().refuseNext(call, Refusal.Code.UNAVAILABLE);
      fixture.mail.faults().failNext(call);
      String fails = "C: USER alice@example.com\nS: +OK…\nC: PASS secret\nS: -ERR [SYS/TEMP] …\n";
      var connection = fixture.open();
      run(connection, "S: +OK…\n" + fails + fails);
      assertThat(fixture.mail.isMaildropLocked(fixture.alice)).as("after %s", call).isFalse();
      run(
          connection,
          "C: USER alice@example.com\nS: +OK…\nC: PASS secret\nS: +OK…\nC: QUIT\nS: +OK…\n");
    }
  }

  @Test
  void aFailureForGoodIsSaidToBeOne() {
    fixture.mail.faults().refuseNext(PortCall.VIEW, Refusal.Code.CANNOT);
    run(
        fixture.open(),
        "S: +OK…\nC: USER alice@example.com\nS: +OK…\nC: PASS secret\nS: -ERR [SYS/PERM] …\n");
  }

  @Test
  void aMessageThatCannotBeReadIsATemporaryErrorAndTheSessionGoesOn() {
    var connection = fixture.open();
    run(connection, LOGIN);
    fixture.mail.faults().failNext(PortCall.READ);
    run(connection, "C: RETR 1\nS: -ERR [SYS/TEMP] …\nC: TOP 1 0\nS: +OK…\nS*: …\nS: .\n");
    fixture.mail.faults().refuseNext(PortCall.READ, Refusal.Code.UNAVAILABLE);
    run(connection, "C: TOP 2 0\nS: -ERR [SYS/TEMP] …\n");
    fixture.mail.faults().refuseNext(PortCall.READ, Refusal.Code.NONEXISTENT);
    run(connection, "C: RETR 1\nS: -ERR the message is gone…\nC: NOOP\nS: +OK…\n");
  }

  /** The client must not take a part for the whole. */
  @Test
  void aMessageThatBreaksOffEndsTheConnection() {
    var connection = fixture.open();
    run(connection, LOGIN);
    fixture.mail.faults().breakOffNextRead(20);
    connection.send(ByteString.fromString("RETR 1\r\n"));
    assertThat(connection.unread().utf8String()).startsWith("+OK").doesNotContain("\r\n.\r\n");
    while (connection.line().isPresent()) {}
    assertThat(connection.isEnded()).isTrue();
    assertThat(fixture.mail.isMaildropLocked(fixture.alice)).isFalse();
  }

  @Test
  void aLockThatComesAfterTheConnectionIsGoneIsReleased() {
    Faults.Held lock = fixture.mail.faults().holdNext(PortCall.LOCK_MAILDROP);
    var connection = fixture.open();
    connection.send(ByteString.fromString("USER alice@example.com\r\nPASS secret\r\n"));
    connection.close();
    lock.release();
    assertThat(fixture.mail.faults().calls(PortCall.LOCK_MAILDROP)).isEqualTo(1);
    assertThat(fixture.mail.isMaildropLocked(fixture.alice)).isFalse();
  }

  @Test
  void aLoginThatIsNeverAnsweredTimesOut() {
    fixture.mail.faults().silenceNext(PortCall.AUTHENTICATE);
    var connection = fixture.open();
    run(connection, "S: +OK…\nC: USER alice@example.com\nS: +OK…\nC: PASS secret\n");
    connection.timeOut();
    run(connection, "S: -ERR [SYS/TEMP] …\nS-EOF:\n");
  }

  @Test
  void whoDoesNotLogInInTimeIsSentAway() {
    var connection = fixture.open();
    run(connection, "S: +OK…\nC: CAPA\nS: +OK…\nS*: …\nS: .\n");
    connection.elapse(Duration.ofSeconds(61));
    run(connection, "C: CAPA\nS: -ERR no login in time\nS-EOF:\n");

    var silent = fixture.open();
    run(silent, "S: +OK…\n");
    silent.timeOut();
    run(silent, "S-EOF:\n");
  }

  /** RFC 1939 3: at least ten minutes. */
  @Test
  void whoIsLoggedInMayBeSilentForLonger() {
    Pop3Protocol protocol = fixture.protocol();
    var connection = fixture.open();
    assertThat(protocol.timeout(connection.state())).isEqualTo(Duration.ofMinutes(1));
    run(connection, LOGIN);
    assertThat(protocol.timeout(connection.state())).isEqualTo(Duration.ofMinutes(10));
    connection.elapse(Duration.ofMinutes(9));
    run(connection, "C: STAT\nS: +OK 2 320\n");
  }

  /** RFC 2595 2.3: no password in plain text over a network, and none offered. */
  @Test
  void fromAfarPasswordsNeedTls() {
    var connection = fixture.open(PureConnection.fromAfar(false));
    run(
        connection,
        """
        S: +OK…
        C: CAPA
        S: +OK…
        S: TOP
        S: UIDL
        S: RESP-CODES
        S: AUTH-RESP-CODE
        S: STLS
        S: PIPELINING
        S: EXPIRE NEVER
        S: LOGIN-DELAY 0
        S: IMPLEMENTATION Staffetta
        S: .
        C: USER alice@example.com
        S: -ERR no passwords in plain text…
        C: PASS secret
        S: -ERR no passwords in plain text…
        C: AUTH PLAIN AGFsaWNlQGV4YW1wbGUuY29tAHNlY3JldA==
        S: -ERR no passwords in plain text…
        C: STLS
        S: +OK…
        TLS:
        C: AUTH PLAIN AGFsaWNlQGV4YW1wbGUuY29tAHNlY3JldA==
        S: +OK…
        """);
    assertThat(fixture.mail.faults().calls(PortCall.AUTHENTICATE)).isEqualTo(1);
  }

  @Test
  void withTlsFromTheFirstByteThereIsNoStls() {
    run(
        fixture.open(PureConnection.fromAfar(true)),
        """
        S: +OK…
        C: CAPA
        S: +OK…
        S: TOP
        S: UIDL
        S: RESP-CODES
        S: AUTH-RESP-CODE
        S: USER
        S: SASL PLAIN
        S: PIPELINING
        S: EXPIRE NEVER
        S: LOGIN-DELAY 0
        S: IMPLEMENTATION Staffetta
        S: .
        C: STLS
        S: -ERR…
        """);
  }

  @Test
  void aPasswordMayHaveBlanks() {
    fixture.mail.addAccount("bob@example.com", " two  words ");
    run(
        fixture.open(),
        "S: +OK…\nC: USER bob@example.com\nS: +OK…\nC: PASS  two  words \nS: +OK…0 messages…\n");
  }

  @Test
  void longListingsComeWhole() {
    for (int i = 3; i <= 3000; i++) {
      fixture.mail.put(fixture.alice, "x");
    }
    StringBuilder script = new StringBuilder(LOGIN + "C: DELE 2\nS: +OK…\nC: LIST\nS: +OK…\n");
    script.append("S: 1 120\n");
    for (int i = 3; i <= 3000; i++) {
      script.append("S: ").append(i).append(" 1\n");
    }
    run(fixture.open(), script.append("S: .\n").toString());
  }

  /** What an IMAP client appended need not end in CRLF, but the response must. */
  @Test
  void aMessageWithoutLastLineEndGetsOne() {
    fixture.mail.put(
        MailboxId.inboxOf(fixture.alice),
        ByteString.fromString("A: b\r\n\r\n.end"),
        Set.of(),
        Instant.EPOCH);
    run(
        fixture.open(),
        LOGIN + "C: LIST 3\nS: +OK 3 12\nC: RETR 3\nS: +OK…\nS: A: b\nS: \nS: ..end\nS: .\n");
  }

  private static void run(PureConnection<?, ?, ?, ?, ?> connection, String script) {
    Dialogue.step(DialogueScript.of(script), connection);
  }
}
