package dev.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.staffetta.client.ImapClient;
import dev.staffetta.client.SmtpClient;
import dev.staffetta.process.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two clusters of one node each, {@code a.example} and {@code b.example}, that send each other
 * mail.
 */
class TwoClustersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String PASSWORD = "between-two-clusters";

  @TempDir Path directory;
  private ServerProcess first;
  private ServerProcess second;

  @BeforeEach
  void start() throws Exception {
    List<Integer> smtp = ServerProcess.freePorts(2);
    first = server("a", smtp.get(0), "b", smtp.get(1));
    second = server("b", smtp.get(1), "a", smtp.get(0));
    first.launch();
    second.launch();
    first.awaitGreeting();
    second.awaitGreeting();
    addAccount(first, "a.example", "alice@a.example");
    addAccount(second, "b.example", "bob@b.example");
  }

  private ServerProcess server(String name, int port, String other, int otherPort)
      throws IOException {
    return new ServerProcess(
        directory.resolve(name),
        "node1",
        List.of(
            "staffetta.node.host-name = \"mail." + name + ".example\"",
            "staffetta.listeners.smtp.port = " + port,
            "staffetta.relay.routes.\"%s.example\" { host = \"127.0.0.1\", port = %d }"
                .formatted(other, otherPort),
            // A second attempt need not be waited for.
            "staffetta.relay.schedule.first-retry = 1s"),
        "-Xmx256m");
  }

  private static void addAccount(ServerProcess server, String domain, String account)
      throws Exception {
    server.administer("", "domain", "add", domain);
    server.administer(PASSWORD + "\n", "account", "add", account, "--password-stdin");
  }

  @AfterEach
  void stop() throws InterruptedException {
    first.close();
    second.close();
  }

  @Test
  void mailGoesBothWaysWaitsForTheOtherAndComesBackWhenNobodyIsThere() throws Exception {
    submit(first, "alice@a.example", "bob@b.example", "to b");
    awaitMail(second, "bob@b.example", "to b");
    submit(second, "bob@b.example", "alice@a.example", "to a");
    awaitMail(first, "alice@a.example", "to a");

    submit(first, "alice@a.example", "nobody@b.example", "to nobody");
    String report =
        awaitMail(first, "alice@a.example", "Final-Recipient: rfc822; nobody@b.example");
    assertThat(report.replace("; ", ";"))
        .contains("Action: failed")
        .contains("Status: 5.1.1")
        .contains("Diagnostic-Code: smtp;550 5.1.1")
        .contains("to nobody");

    second.kill();
    submit(first, "alice@a.example", "bob@b.example", "while b was away");
    first.kill();
    first.start();
    second.start();
    awaitMail(second, "bob@b.example", "while b was away");
  }

  private static void submit(ServerProcess server, String from, String to, String subject)
      throws IOException {
    try (SmtpClient smtp = new SmtpClient(server.ports().submission(), PATIENCE)) {
      smtp.login(from, PASSWORD);
      String message =
          "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\n\r\nHello\r\n".formatted(from, to, subject);
      smtp.send(from, List.of(to), message.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** The message in an INBOX that has this text, exactly one. */
  private static String awaitMail(ServerProcess server, String account, String text) {
    return await("mail with '" + text + "' for " + account)
        .atMost(PATIENCE)
        .until(
            () -> {
              try (ImapClient imap = new ImapClient(server.ports().imap(), PATIENCE)) {
                imap.login(account, PASSWORD);
                imap.ok("EXAMINE INBOX");
                return imap.ok("UID FETCH 1:* (BODY.PEEK[])").untagged().stream()
                    .filter(response -> response.contains(text))
                    .toList();
              }
            },
            found -> found.size() == 1)
        .get(0);
  }
}
