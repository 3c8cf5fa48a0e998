package dev.staffetta.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.memory.PortCall;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What one session was told is done, every later command of another sees, however late the events
 * come that tell of it.
 */
class OneTruthTest {
  private final ImapFixture fixture = new ImapFixture("view-timeout = 200ms");
  private final LateEvents late = new LateEvents(fixture.mail.mailboxes());
  private ImapFixture.Client one;
  private ImapFixture.Client other;

  @BeforeEach
  void select() {
    fixture.mail.put(fixture.alice, "Subject: first\r\n\r\n");
    fixture.mail.put(fixture.alice, "Subject: second\r\n\r\n");
    one = client();
    other = client();
  }

  private ImapFixture.Client client() {
    ImapFixture.Client client =
        new ImapFixture.Client(
            PureConnection.open(fixture.protocol(late), PureConnection.fromLoopback()).patient());
    client.ok("LOGIN alice@example.com secret");
    client.ok("SELECT INBOX");
    return client;
  }

  @Test
  void fetchTellsFlagsThatAnotherHasSet() {
    one.ok("STORE 1 +FLAGS (\\Flagged)");
    assertThat(other.command("FETCH 1 FLAGS")).anyMatch(line -> line.contains("\\Flagged"));
    one.ok("STORE 2 +FLAGS (\\Answered)");
    assertThat(other.command("UID FETCH 2 FLAGS")).anyMatch(line -> line.contains("\\Answered"));
  }

  @Test
  void searchFindsWhatAnotherHasSet() {
    one.ok("STORE 2 +FLAGS (\\Flagged)");
    assertThat(other.command("SEARCH FLAGGED")).contains("* SEARCH 2");
  }

  @Test
  void messagesThatAnotherHasAppendedCanBeNamedByUid() {
    one.ok("APPEND INBOX {5+}\r\nhello");
    assertThat(other.command("UID FETCH 3 UID"))
        .anyMatch(line -> line.contains("3 EXISTS"))
        .anyMatch(line -> line.contains("* 3 FETCH (UID 3"));
    one.ok("APPEND INBOX {5+}\r\nhello");
    other.ok("UID STORE 4 +FLAGS (\\Deleted)");
    assertThat(one.command("FETCH 4 FLAGS")).anyMatch(line -> line.contains("\\Deleted"));
    one.ok("APPEND INBOX {5+}\r\nhello");
    assertThat(other.command("UID COPY 5 Trash")).last().asString().contains("COPYUID");
  }

  @Test
  void expungeIsToldByNoCommandThatNamesSequenceNumbers() {
    one.ok("STORE 1 +FLAGS (\\Deleted)");
    one.ok("EXPUNGE");
    List<String> fetched = other.command("FETCH 2 FLAGS");
    assertThat(fetched).noneMatch(line -> line.contains("EXPUNGE"));
    assertThat(other.command("SEARCH ALL")).noneMatch(line -> line.endsWith("EXPUNGE"));
    assertThat(other.command("UID FETCH 2 FLAGS"))
        .contains("* 1 EXPUNGE")
        .anyMatch(line -> line.startsWith("* 1 FETCH"));
  }

  @Test
  void nothingIsToldThatMayNotBeTrue() {
    for (String command :
        List.of("FETCH 1 FLAGS", "UID FETCH 1:* UID", "SEARCH ALL", "UID COPY 1:9 Trash")) {
      fixture.mail.faults().refuseNext(PortCall.VIEW, Refusal.Code.UNAVAILABLE);
      assertThat(other.command(command)).last().asString().contains(" NO [UNAVAILABLE] ");
    }
    // What it knows never changes.
    fixture.mail.faults().refuseNext(PortCall.VIEW, Refusal.Code.UNAVAILABLE);
    other.ok("FETCH 1 (UID RFC822.SIZE)");
  }
}
