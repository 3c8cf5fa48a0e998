package dev.staffetta.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.wire.LocalServer;
import dev.staffetta.wire.TestCertificate;
import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.UIDFolder;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.net.pop3.ExtendedPOP3Client;
import org.apache.commons.net.pop3.POP3Client;
import org.apache.commons.net.pop3.POP3MessageInfo;
import org.apache.commons.net.pop3.POP3SClient;
import org.eclipse.angus.mail.pop3.POP3Folder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that others wrote, over a socket. */
class Pop3ClientsTest {
  private static final String HOST = "127.0.0.1";

  private final Pop3Fixture fixture = new Pop3Fixture();
  private final LocalServer server = LocalServer.start(connection -> fixture.protocol());

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void commonsNetListsRetrievesAndDeletes() throws IOException {
    POP3Client client = new POP3Client();
    client.connect(HOST, server.port());
    assertThat(client.login("alice@example.com", "secret")).isTrue();
    assertThat(client.status().number).isEqualTo(2);
    assertThat(client.status().size).isEqualTo(320);
    assertThat(Stream.of(client.listMessages()).map(m -> m.size)).containsExactly(120, 200);
    POP3MessageInfo[] ids = client.listUniqueIdentifiers();
    assertThat(Stream.of(ids).map(m -> m.identifier)).containsExactly("4711.10", "4711.11");
    assertThat(lines(client.retrieveMessage(1))).isEqualTo(lines(Pop3Fixture.FIRST));
    assertThat(lines(client.retrieveMessageTop(2, 0)))
        .containsExactly("From: carol@example.com", "Subject: two", "");
    assertThat(client.retrieveMessage(3)).isNull();
    assertThat(client.deleteMessage(1)).isTrue();
    assertThat(client.reset()).isTrue();
    assertThat(client.deleteMessage(2)).isTrue();
    assertThat(client.noop()).isTrue();
    assertThat(client.logout()).isTrue();
    client.disconnect();
    assertThat(fixture.mail.view(fixture.inbox).messages().stream().map(m -> m.uid()))
        .containsExactly(10L);
  }

  @Test
  void commonsNetStartsTlsAndAuthenticates() throws Exception {
    POP3SClient tls = new POP3SClient(false, TestCertificate.clientContext());
    tls.connect(HOST, server.port());
    assertThat(tls.execTLS()).isTrue();
    assertThat(tls.login("alice@example.com", "secret")).isTrue();
    assertThat(tls.logout()).isTrue();
    tls.disconnect();

    ExtendedPOP3Client client = new ExtendedPOP3Client();
    client.connect(HOST, server.port());
    assertThat(
            client.auth(
                ExtendedPOP3Client.AUTH_METHOD.PLAIN, "alice@example.com", "wrong password"))
        .isFalse();
    assertThat(client.auth(ExtendedPOP3Client.AUTH_METHOD.PLAIN, "alice@example.com", "secret"))
        .isTrue();
    assertThat(client.logout()).isTrue();
    client.disconnect();
  }

  @Test
  void jakartaMailFetchesByteForByteAndDeletes() throws Exception {
    List<String> sent = new ArrayList<>(List.of(Pop3Fixture.FIRST, Pop3Fixture.SECOND));
    Random random = new Random(1939);
    for (int i = 0; i < 50; i++) {
      String message = message(random);
      sent.add(message);
      fixture.mail.put(fixture.alice, message);
    }
    Store store = Session.getInstance(starttls()).getStore("pop3");
    store.connect(HOST, server.port(), "alice@example.com", "secret");
    POP3Folder inbox = (POP3Folder) store.getFolder("INBOX");
    inbox.open(Folder.READ_WRITE);
    Message[] messages = inbox.getMessages();
    FetchProfile profile = new FetchProfile();
    profile.add(UIDFolder.FetchProfileItem.UID);
    profile.add(FetchProfile.Item.ENVELOPE);
    inbox.fetch(messages, profile);
    assertThat(messages).hasSize(sent.size());
    for (int i = 0; i < messages.length; i++) {
      assertThat(inbox.getUID(messages[i])).isEqualTo("4711." + (10 + i));
      assertThat(bytes(messages[i])).isEqualTo(sent.get(i));
      messages[i].setFlag(Flags.Flag.DELETED, i % 2 == 0);
    }
    inbox.close(true);
    store.close();
    assertThat(fixture.mail.view(fixture.inbox).messages().stream().map(m -> m.uid() % 2))
        .hasSize(sent.size() / 2)
        .containsOnly(1L);
  }

  private static Properties starttls() {
    Properties properties = new Properties();
    properties.put("mail.pop3.starttls.required", "true");
    properties.put("mail.pop3.ssl.trust", "*");
    return properties;
  }

  /** Lines of dots and other things, each ended by CRLF. */
  private static String message(Random random) {
    StringBuilder message = new StringBuilder("Subject: x\r\n\r\n");
    int lines = random.nextInt(40);
    for (int i = 0; i < lines; i++) {
      message
          .append(".".repeat(random.nextInt(3)))
          .append("é".repeat(random.nextInt(3)))
          .append("x".repeat(random.nextInt(90)))
          .append("\r\n");
    }
    return message.toString();
  }

  private static String bytes(Message message) throws IOException, MessagingException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    message.writeTo(out);
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private static List<String> lines(Reader message) throws IOException {
    try (BufferedReader reader = new BufferedReader(message)) {
      return reader.lines().toList();
    }
  }

  private static List<String> lines(String message) {
    return message.lines().toList();
  }
}
