package dev.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.smtp.SmtpFixture.Client;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command in every state, and what the clock and a stop do to each. */
class SmtpSessionTest {
  /** What a client says to get into each state. */
  private enum Situation {
    FRESH(),
    HELO("HELO a"),
    EHLO("EHLO a"),
    MAIL("EHLO a", "MAIL FROM:<alice@example.com>"),
    RCPT("EHLO a", "MAIL FROM:<alice@example.com>", "RCPT TO:<bob@example.com>"),
    CHUNK("EHLO a", "MAIL FROM:<alice@example.com>", "RCPT TO:<bob@example.com>", "BDAT 3", "a");

    private final String dialogue;

    Situation(String... lines) {
      dialogue = Stream.of(lines).map(line -> line + "\r\n").collect(Collectors.joining());
    }
  }

  private static final String RECEIVE =
      """
      command                   | FRESH | HELO | EHLO | MAIL | RCPT | CHUNK
      HELO b                    | 250   | 250  | 250  | 250  | 250  | 250
      EHLO b                    | 250   | 250  | 250  | 250  | 250  | 250
      MAIL FROM:<c@example.net> | 503   | 250  | 250  | 503  | 503  | 503
      RCPT TO:<bob@example.com> | 503   | 503  | 503  | 250  | 250  | 503
      RCPT TO:<c@example.net>   | 503   | 503  | 503  | 550  | 550  | 503
      RCPT TO:<no@example.com>  | 503   | 503  | 503  | 550  | 550  | 503
      DATA                      | 503   | 503  | 503  | 554  | 354  | 503
      BDAT 0                    | 503   | 503  | 503  | 554  | 250  | 250
      BDAT 0 LAST               | 503   | 503  | 503  | 554  | 250  | 250
      RSET                      | 250   | 250  | 250  | 250  | 250  | 250
      NOOP                      | 250   | 250  | 250  | 250  | 250  | 250
      VRFY bob                  | 252   | 252  | 252  | 252  | 252  | 252
      EXPN bob                  | 502   | 502  | 502  | 502  | 502  | 502
      HELP                      | 214   | 214  | 214  | 214  | 214  | 214
      QUIT                      | 221   | 221  | 221  | 221  | 221  | 221
      STARTTLS                  | 220   | 220  | 220  | 220  | 220  | 220
      AUTH PLAIN                | 502   | 502  | 502  | 502  | 502  | 502
      XYZZY                     | 500   | 500  | 500  | 500  | 500  | 500
      """;

  private static final String SUBMISSION =
      """
      command                     | FRESH | HELO | EHLO | MAIL | RCPT | CHUNK
      HELO b                      | 250   | 250  | 250  | 250  | 250  | 250
      EHLO b                      | 250   | 250  | 250  | 250  | 250  | 250
      MAIL FROM:<alice@example.com> | 503 | 250  | 250  | 503  | 503  | 503
      MAIL FROM:<bob@example.com> | 503   | 553  | 553  | 503  | 503  | 503
      RCPT TO:<bob@example.com>   | 503   | 503  | 503  | 250  | 250  | 503
      RCPT TO:<c@example.net>     | 503   | 503  | 503  | 250  | 250  | 503
      DATA                        | 503   | 503  | 503  | 554  | 354  | 503
      BDAT 0 LAST                 | 503   | 503  | 503  | 554  | 250  | 250
      RSET                        | 250   | 250  | 250  | 250  | 250  | 250
      NOOP                        | 250   | 250  | 250  | 250  | 250  | 250
      VRFY bob                    | 252   | 252  | 252  | 252  | 252  | 252
      QUIT                        | 221   | 221  | 221  | 221  | 221  | 221
      STARTTLS                    | 220   | 220  | 220  | 220  | 220  | 220
      AUTH PLAIN                  | 503   | 503  | 503  | 503  | 503  | 503
      XYZZY                       | 500   | 500  | 500  | 500  | 500  | 500
      """;

  private static final String UNAUTHENTICATED =
      """
      command                   | FRESH | HELO | EHLO
      MAIL FROM:<a@example.com> | 503   | 530  | 530
      RCPT TO:<bob@example.com> | 530   | 530  | 530
      DATA                      | 530   | 530  | 530
      BDAT 0 LAST               | 530   | 530  | 530
      VRFY bob                  | 530   | 530  | 530
      RSET                      | 250   | 250  | 250
      NOOP                      | 250   | 250  | 250
      HELP                      | 214   | 214  | 214
      QUIT                      | 221   | 221  | 221
      STARTTLS                  | 220   | 220  | 220
      AUTH PLAIN                | 503   | 503  | 334
      AUTH LOGIN                | 503   | 503  | 334
      AUTH CRAM-MD5             | 503   | 503  | 504
      """;

  static Stream<Arguments> cells() {
    return Stream.of(
            cells(SmtpRole.RECEIVE, false, RECEIVE),
            cells(SmtpRole.SUBMISSION, true, SUBMISSION),
            cells(SmtpRole.SUBMISSION, false, UNAUTHENTICATED))
        .flatMap(cells -> cells);
  }

  private static Stream<Arguments> cells(SmtpRole role, boolean authenticated, String table) {
    List<List<String>> rows =
        table.lines().map(row -> Stream.of(row.split("\\|")).map(String::trim).toList()).toList();
    List<String> situations = rows.get(0);
    return rows.stream()
        .skip(1)
        .flatMap(
            row ->
                Stream.iterate(1, i -> i < row.size(), i -> i + 1)
                    .map(
                        i ->
                            Arguments.of(
                                role,
                                authenticated,
                                Situation.valueOf(situations.get(i)),
                                row.get(0),
                                row.get(i))));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void everyCommandHasItsReplyInEverySituation(
      SmtpRole role, boolean authenticated, Situation situation, String command, String code) {
    SmtpFixture fixture = new SmtpFixture();
    Client client = fixture.connect(role);
    if (authenticated) {
      client.send("EHLO a\r\nAUTH PLAIN AGFsaWNlQGV4YW1wbGUuY29tAHNlY3JldA==\r\n");
      if (situation == Situation.FRESH) {
        // Only TLS makes a session forget its EHLO, and then it forgets who it was too.
        return;
      }
    }
    client.send(situation.dialogue);
    List<String> replies = client.send(command + "\r\n");
    assertThat(replies.get(replies.size() - 1)).startsWith(code + " ");
    assertThat(replies.stream().filter(line -> line.charAt(3) == ' ')).hasSize(1);
    if (code.equals("221")) {
      assertThat(client.connection.isEnded()).isTrue();
    }
    client.connection.close();
    assertThat(fixture.mail.spooled()).isZero();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void everySituationEndsWithAFarewellWhenTheClientIsSilentOrTheServerStops(
      SmtpRole role, boolean authenticated, Situation situation, String command, String code) {
    SmtpFixture fixture = new SmtpFixture();
    Client silent = fixture.connect(role);
    silent.send(situation.dialogue + command + "\r\n");
    if (!silent.connection.isEnded() && !code.equals("220")) {
      silent.connection.timeOut();
      assertThat(silent.replies()).containsExactly("421 4.4.2 mx.example.com timeout, closing");
      assertThat(silent.connection.isEnded()).isTrue();
    }
    Client stopped = fixture.connect(role);
    stopped.send(situation.dialogue + command + "\r\n");
    if (!stopped.connection.isEnded()) {
      stopped.connection.shutDown();
      assertThat(stopped.replies()).containsExactly("421 4.3.2 mx.example.com shutting down");
      assertThat(stopped.connection.isEnded()).isTrue();
    }
    silent.connection.close();
    stopped.connection.close();
    assertThat(fixture.mail.spooled()).isZero();
  }

  /** RFC 5321 4.5.3.2. */
  @Test
  void aClientMayBeSilentForMinutes() {
    SmtpFixture fixture = new SmtpFixture();
    SmtpProtocol protocol = fixture.service(SmtpRole.RECEIVE).connection();
    Client client = new Client(PureConnection.open(protocol, PureConnection.fromLoopback()));
    assertThat(protocol.timeout(client.connection.state())).isEqualTo(Duration.ofMinutes(5));
    client.send(Situation.RCPT.dialogue + "DATA\r\n");
    assertThat(protocol.timeout(client.connection.state())).isEqualTo(Duration.ofMinutes(3));
  }

  /** RFC 2034 4: in every 2yz, 4yz and 5yz reply, but for the greeting and that to HELO or EHLO. */
  @ParameterizedTest
  @MethodSource("cells")
  void everyReplyHasItsEnhancedStatusCode(
      SmtpRole role, boolean authenticated, Situation situation, String command, String code) {
    Client client = new SmtpFixture().connect(role);
    client.send(situation.dialogue);
    for (String line : client.send(command + "\r\n")) {
      if (command.startsWith("HELO") || command.startsWith("EHLO") || line.startsWith("3")) {
        assertThat(line).doesNotContainPattern("^...[ -][245]\\.\\d+\\.\\d+ ");
      } else {
        assertThat(line)
            .containsPattern("^" + line.charAt(0) + "..[ -]" + line.charAt(0) + "\\.\\d+\\.\\d+ ");
      }
    }
  }
}
