package dev.staffetta.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.config.Service;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.commons.net.imap.IMAPClient;
import org.apache.commons.net.pop3.POP3Client;
import org.apache.commons.net.pop3.POP3MessageInfo;
import org.apache.commons.net.smtp.SMTPClient;
import org.apache.commons.net.smtp.SMTPReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apache Commons Net as a client: command by command, in plain text, as loopback may. */
class CommonsNetTest {
  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    node = TestNode.start(data);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void aMailGoesInBySmtpAndOutByPop3AndImap() throws Exception {
    node.addAccount("carol@example.com", TestNode.PASSWORD);
    sendTo("carol@example.com", "Subject: hi\r\n\r\n.dot\r\n\r\nlast\r\n");

    POP3Client pop3 = new POP3Client();
    pop3.connect("127.0.0.1", node.port(Service.POP3));
    assertThat(pop3.login("carol@example.com", TestNode.PASSWORD)).isTrue();
    assertThat(pop3.status().number).isEqualTo(1);
    POP3MessageInfo unique = pop3.listUniqueIdentifier(1);
    try (Reader reader = pop3.retrieveMessage(1)) {
      assertThat(text(reader)).endsWith("Subject: hi\n\n.dot\n\nlast\n");
    }
    assertThat(pop3.logout()).isTrue();
    pop3.disconnect();

    IMAPClient imap = new IMAPClient();
    imap.connect("127.0.0.1", node.port(Service.IMAP));
    assertThat(imap.login("carol@example.com", TestNode.PASSWORD)).isTrue();
    assertThat(imap.select("INBOX")).isTrue();
    assertThat(imap.getReplyString()).contains("* 1 EXISTS");
    assertThat(imap.fetch("1", "(UID BODY.PEEK[TEXT])")).isTrue();
    assertThat(imap.getReplyString()).contains(".dot").contains("last");
    assertThat(imap.store("1", "+FLAGS.SILENT", "(\\Deleted)")).isTrue();
    assertThat(imap.expunge()).isTrue();
    assertThat(imap.logout()).isTrue();
    imap.disconnect();

    pop3.connect("127.0.0.1", node.port(Service.POP3));
    assertThat(pop3.login("carol@example.com", TestNode.PASSWORD)).isTrue();
    assertThat(pop3.status().number).isZero();
    pop3.logout();
    pop3.disconnect();
    assertThat(unique.identifier).isNotBlank();
  }

  @Test
  void anUnknownRecipientIsRefused() throws Exception {
    SMTPClient smtp = connect();
    assertThat(smtp.setSender("dan@elsewhere.example")).isTrue();
    assertThat(smtp.addRecipient("nobody@example.com")).isFalse();
    assertThat(smtp.getReplyString()).startsWith("550 5.1.1");
    smtp.logout();
    smtp.disconnect();
  }

  private static void sendTo(String recipient, String message) throws IOException {
    SMTPClient smtp = connect();
    assertThat(smtp.setSender("dan@elsewhere.example")).isTrue();
    assertThat(smtp.addRecipient(recipient)).isTrue();
    try (Writer data = smtp.sendMessageData()) {
      data.write(message);
    }
    assertThat(smtp.completePendingCommand()).isTrue();
    assertThat(smtp.logout()).isTrue();
    smtp.disconnect();
  }

  private static SMTPClient connect() throws IOException {
    SMTPClient smtp = new SMTPClient(StandardCharsets.UTF_8.name());
    smtp.connect("127.0.0.1", node.port(Service.SMTP));
    assertThat(SMTPReply.isPositiveCompletion(smtp.getReplyCode())).isTrue();
    assertThat(smtp.login("client.elsewhere.example")).isTrue();
    return smtp;
  }

  private static String text(Reader reader) throws IOException {
    StringWriter text = new StringWriter();
    try (BufferedReader lines = new BufferedReader(reader)) {
      String line = lines.readLine();
      while (line != null) {
        text.append(line).append('\n');
        line = lines.readLine();
      }
    }
    return text.toString();
  }
}
