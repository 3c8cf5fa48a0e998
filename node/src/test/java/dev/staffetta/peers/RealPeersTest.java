package dev.staffetta.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.staffetta.client.ImapClient;
import dev.staffetta.client.SmtpClient;
import dev.staffetta.config.Service;
import dev.staffetta.node.TestNode;
import dev.staffetta.process.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mail to and from Postfix and Exim, straight and by them as a smarthost, and what comes back of
 * it, read by Python's parser.
 */
class RealPeersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A report as another program reads it: its parts' types, then the fields of the status. */
  private static final String READER =
      """
      import email, email.policy, sys
      m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
      print(m.get_content_type(), m.get_param('report-type'), '/'.join(
          part.get_content_type() for part in m.iter_parts()))
      print('defects', [d for part in m.walk() for d in part.defects])
      for part in m.walk():
          if part.get_content_type() == 'message/delivery-status':
              for block in part.get_payload():
                  for name, value in block.items():
                      print(name + ':', str(value))
      """;

  @TempDir Path directory;
  private TestNode node;
  private Peer peer;

  @AfterEach
  void stop() throws Exception {
    if (node != null) {
      node.close();
    }
    if (peer != null) {
      peer.close();
    }
  }

  private interface Starting {
    Peer start(Path directory, int nodesPort) throws IOException, InterruptedException;
  }

  private void start(Starting kind, String login) throws Exception {
    Peer.run(directory, "chmod", "755", directory.toString());
    int smtp = ServerProcess.freePorts(1).get(0);
    peer = kind.start(Files.createDirectories(directory.resolve("peer")), smtp);
    node =
        TestNode.start(
            directory.resolve("data"),
            """
            staffetta.listeners.smtp.port = %1$d
            staffetta.relay.routes {
              "peer.example" = { host = "127.0.0.1", port = %2$d, tls = required, verify = no }
              "*" = { host = "127.0.0.1", port = %2$d, tls = required, verify = no%3$s }
            }
            staffetta.relay.schedule.first-retry = 1s
            """
                .formatted(smtp, peer.port(), login));
    await().atMost(PATIENCE).ignoreExceptions().until(this::greets);
  }

  private boolean greets() throws IOException {
    try (SmtpClient greeted = new SmtpClient(peer.port(), PATIENCE)) {
      return true;
    }
  }

  @Test
  void postfixTakesMailAndSendsSome() throws Exception {
    assumeTrue(Peer.isThere("postfix"));
    start(PostfixPeer::new, "");
    mailGoesBothWays("with ESMTPS");
    aSmarthostRelaysAndItsReportComesBack();
  }

  @Test
  void eximTakesMailAndSendsSome() throws Exception {
    assumeTrue(Peer.isThere("exim4"));
    start(EximPeer::new, ", user = relayuser, password = relaypass");
    mailGoesBothWays("with esmtps");
    aSmarthostRelaysAndItsReportComesBack();
    assertThat(Files.readString(peer.log())).contains("A=plain:relayuser");
  }

  @Test
  void aSmarthostThatWantsALoginAndGetsNoneGivesItBack() throws Exception {
    assumeTrue(Peer.isThere("exim4"));
    start(EximPeer::new, "");
    submit("carol@far.example", "without a login");
    assertThat(read(awaitMail("Final-Recipient: rfc822; carol@far.example")))
        .contains("Status: 5.7.1");
  }

  private void mailGoesBothWays(String secured) throws Exception {
    submit("carol@peer.example", "straight");
    awaitDelivery("Subject: straight");
    assertThat(peer.delivered().stream().filter(m -> m.contains("Subject: straight")))
        .singleElement()
        .asString()
        .contains(secured)
        .contains("mail.example.com")
        .containsPattern("\r?\n\\.dot at the beginning, Grüße\r?\n");

    submit("nobody@peer.example", "to nobody there");
    assertThat(read(awaitMail("Final-Recipient: rfc822; nobody@peer.example")))
        .contains(
            "multipart/report delivery-status"
                + " text/plain/message/delivery-status/message/rfc822")
        .contains("defects []")
        .contains("Action: failed", "Status: 5.1.1", "Reporting-MTA: dns; mail.example.com")
        .contains("Remote-MTA: dns; 127.0.0.1")
        .anyMatch(line -> line.startsWith("Diagnostic-Code: smtp; 550 "));

    sendFromPeer("alice@example.com", "from there");
    assertThat(awaitMail("Subject: from there"))
        .contains("with ESMTPS")
        .contains("from mx.peer.example");

    sendFromPeer("nobody@example.com", "to nobody here");
    awaitDelivery("to nobody here");
    String bounce =
        peer.delivered().stream().filter(m -> m.contains("to nobody here")).findFirst().get();
    assertThat(read(bounce.replaceFirst("^From .*\\n", "")))
        .contains("defects []")
        .contains("Action: failed")
        .anyMatch(line -> line.startsWith("Diagnostic-Code:") && line.contains("550 5.1.1"));
  }

  private void aSmarthostRelaysAndItsReportComesBack() throws Exception {
    submit("carol@far.example", "by the smarthost");
    awaitDelivery("Subject: by the smarthost");
    submit("anybody@gone.example", "to a dead end");
    assertThat(read(awaitMail("anybody@gone.example")))
        .contains("defects []")
        .contains("Action: failed")
        .anyMatch(line -> line.matches("(?i)Final-Recipient: rfc822; ?anybody@gone.example"))
        .anyMatch(line -> line.matches("Status: 5\\..*"));
  }

  private void submit(String to, String subject) throws IOException {
    try (SmtpClient smtp = new SmtpClient(node.port(Service.SUBMISSION), PATIENCE)) {
      smtp.login(TestNode.ALICE, TestNode.PASSWORD);
      smtp.send(TestNode.ALICE, List.of(to), text(TestNode.ALICE, to, subject));
    }
  }

  private void sendFromPeer(String to, String subject) throws IOException {
    try (SmtpClient smtp = new SmtpClient(peer.port(), PATIENCE)) {
      smtp.send("carol@peer.example", List.of(to), text("carol@peer.example", to, subject));
    }
  }

  private static byte[] text(String from, String to, String subject) {
    return """
    From: <%s>
    To: <%s>
    Subject: %s
    MIME-Version: 1.0
    Content-Type: text/plain; charset=utf-8
    Content-Transfer-Encoding: 8bit

    ..dot at the beginning, Grüße
    """
        .formatted(from, to, subject)
        .replace("\n", "\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private void awaitDelivery(String text) {
    await("mail with '" + text + "' at the peer")
        .atMost(PATIENCE)
        .until(() -> peer.delivered().stream().anyMatch(mail -> mail.contains(text)));
  }

  /** The message in Alice's INBOX that has this text. */
  private String awaitMail(String text) {
    return await("mail with '" + text + "'")
        .atMost(PATIENCE)
        .until(
            () -> {
              try (ImapClient imap = new ImapClient(node.port(Service.IMAP), PATIENCE)) {
                imap.login(TestNode.ALICE, TestNode.PASSWORD);
                imap.ok("EXAMINE INBOX");
                return imap.ok("UID FETCH 1:* (BODY.PEEK[])").untagged().stream()
                    .filter(response -> response.contains(text))
                    .toList();
              }
            },
            found -> found.size() == 1)
        .get(0);
  }

  /** What Python's parser finds in a message, or in the answer to FETCH that has it. */
  private Stream<String> lines(String message) throws IOException, InterruptedException {
    String text = message.startsWith("* ") ? message.substring(message.indexOf('\n') + 1) : message;
    Path file = Files.writeString(directory.resolve("report.eml"), text, StandardCharsets.UTF_8);
    Path script = Files.writeString(directory.resolve("reader.py"), READER);
    Peer.run(directory, "python3", script.toString(), file.toString());
    return Files.readString(directory.resolve("output")).lines();
  }

  private List<String> read(String message) throws IOException, InterruptedException {
    return lines(message).toList();
  }
}
