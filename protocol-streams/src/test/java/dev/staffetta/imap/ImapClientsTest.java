package dev.staffetta.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.staffetta.wire.ConnectionLimits;
import dev.staffetta.wire.LocalServer;
import dev.staffetta.wire.TestCertificate;
import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.UIDFolder;
import jakarta.mail.event.MessageCountAdapter;
import jakarta.mail.event.MessageCountEvent;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.search.AndTerm;
import jakarta.mail.search.BodyTerm;
import jakarta.mail.search.FlagTerm;
import jakarta.mail.search.SubjectTerm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.commons.net.imap.IMAPClient;
import org.apache.commons.net.imap.IMAPSClient;
import org.eclipse.angus.mail.imap.AppendUID;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that others wrote, over a socket. */
class ImapClientsTest {
  private static final String HOST = "127.0.0.1";

  private final ImapFixture fixture = new ImapFixture();
  private final LocalServer server = LocalServer.start(connection -> fixture.protocol());
  private final Session session = Session.getInstance(starttls());

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void commonsNetSelectsFetchesStoresAndExpunges() throws IOException {
    fixture.mail.put(fixture.alice, "Subject: one\r\n\r\nText\r\n");
    fixture.mail.put(fixture.alice, "Subject: two\r\n\r\nText\r\n");
    IMAPClient client = new IMAPClient();
    client.connect(HOST, server.port());
    assertThat(client.capability()).isTrue();
    assertThat(client.login("alice@example.com", "wrong")).isFalse();
    assertThat(client.login("alice@example.com", "secret")).isTrue();
    assertThat(client.select("INBOX")).isTrue();
    assertThat(client.getReplyString()).contains("* 2 EXISTS");
    assertThat(client.fetch("1:2", "(UID ENVELOPE)")).isTrue();
    assertThat(client.getReplyString()).contains("\"one\"").contains("\"two\"");
    assertThat(client.fetch("1", "BODY[TEXT]")).isTrue();
    assertThat(client.store("1", "+FLAGS", "\\Deleted")).isTrue();
    assertThat(client.search("UNSEEN")).isTrue();
    assertThat(client.getReplyString()).contains("* SEARCH 2");
    assertThat(client.append("INBOX", "(\\Seen)", null, "Subject: three\r\n\r\n")).isTrue();
    assertThat(client.copy("2", "Trash")).isTrue();
    assertThat(client.status("Trash", new String[] {"MESSAGES"})).isTrue();
    assertThat(client.getReplyString()).contains("MESSAGES 1");
    assertThat(client.expunge()).isTrue();
    assertThat(client.getReplyString()).contains("* 1 EXPUNGE");
    assertThat(client.lsub("", "*")).isTrue();
    assertThat(client.close()).isTrue();
    assertThat(client.logout()).isTrue();
    client.disconnect();
    assertThat(fixture.mail.view(fixture.inbox()).messages().size()).isEqualTo(2);
  }

  @Test
  void commonsNetTalksTlsFromTheStart() throws Exception {
    try (LocalServer tls =
        LocalServer.start(
            connection -> fixture.protocol(), LocalServer.Tls.IMPLICIT, ConnectionLimits.DEFAULT)) {
      IMAPSClient client = new IMAPSClient(true, TestCertificate.clientContext());
      client.connect(HOST, tls.port());
      assertThat(client.login("alice@example.com", "secret")).isTrue();
      assertThat(client.logout()).isTrue();
      client.disconnect();
    }
  }

  @Test
  void jakartaMailAppendsAndFetchesByteForByte() throws Exception {
    try (IMAPStore store = connect()) {
      IMAPFolder inbox = (IMAPFolder) store.getFolder("INBOX");
      inbox.open(Folder.READ_WRITE);
      Random random = new Random(3501);
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        sent.add(message(random));
        AppendUID[] uids = inbox.appendUIDMessages(new Message[] {parse(sent.get(i))});
        assertThat(uids[0].uid).isEqualTo(i + 1);
      }
      Message[] messages = inbox.getMessages();
      FetchProfile profile = new FetchProfile();
      profile.add(UIDFolder.FetchProfileItem.UID);
      profile.add(FetchProfile.Item.ENVELOPE);
      profile.add(FetchProfile.Item.CONTENT_INFO);
      profile.add(FetchProfile.Item.FLAGS);
      inbox.fetch(messages, profile);
      assertThat(messages).hasSize(sent.size());
      for (int i = 0; i < messages.length; i++) {
        assertThat(messages[i].getSubject()).isEqualTo("Message");
        assertThat(bytes(messages[i])).isEqualTo(sent.get(i));
      }
      inbox.close(false);
    }
  }

  @Test
  void jakartaMailChangesFlagsSearchesCopiesMovesAndExpunges() throws Exception {
    for (int i = 1; i <= 10; i++) {
      fixture.mail.put(fixture.alice, "Subject: s" + i + "\r\n\r\nText of " + i % 3 + "\r\n");
    }
    try (IMAPStore store = connect()) {
      IMAPFolder inbox = (IMAPFolder) store.getFolder("INBOX");
      Folder archive = store.getFolder("Archive");
      inbox.open(Folder.READ_WRITE);
      assertThat(inbox.getPermanentFlags().contains(Flags.Flag.USER)).isTrue();
      inbox.setFlags(1, 4, new Flags(Flags.Flag.FLAGGED), true);
      inbox.setFlags(2, 2, new Flags("$Label"), true);
      assertThat(inbox.getMessage(2).getFlags().contains("$Label")).isTrue();
      Message[] found =
          inbox.search(
              new AndTerm(
                  new FlagTerm(new Flags(Flags.Flag.FLAGGED), true), new BodyTerm("text of 1")));
      assertThat(Stream.of(found).map(Message::getMessageNumber)).containsExactly(1, 4);
      assertThat(inbox.search(new SubjectTerm("s10"))).hasSize(1);
      inbox.copyMessages(inbox.getMessages(1, 3), archive);
      inbox.moveMessages(inbox.getMessages(9, 10), archive);
      assertThat(archive.getMessageCount()).isEqualTo(5);
      inbox.setFlags(1, 2, new Flags(Flags.Flag.DELETED), true);
      inbox.expunge();
      assertThat(inbox.getMessageCount()).isEqualTo(6);
      assertThat(inbox.getMessage(1).getSubject()).isEqualTo("s3");
      inbox.close(true);
    }
  }

  @Test
  void jakartaMailMakesRenamesAndDeletesFolders() throws Exception {
    try (IMAPStore store = connect()) {
      Folder root = store.getDefaultFolder();
      Folder made = store.getFolder("Büro/日本");
      assertThat(made.create(Folder.HOLDS_MESSAGES)).isTrue();
      made.setSubscribed(true);
      assertThat(made.isSubscribed()).isTrue();
      assertThat(names(root.list("*"))).contains("INBOX", "Büro", "Büro/日本", "Sent");
      assertThat(names(root.listSubscribed("*"))).contains("Büro/日本");
      assertThat(((IMAPFolder) store.getFolder("Sent")).getAttributes()).contains("\\Sent");
      assertThat(made.renameTo(store.getFolder("Office"))).isTrue();
      assertThat(store.getFolder("Büro/日本").exists()).isFalse();
      assertThat(store.getFolder("Office").delete(false)).isTrue();
      assertThat(names(root.list("%"))).doesNotContain("Office");
      assertThat(store.getPersonalNamespaces()).hasSize(1);
    }
  }

  @Test
  void jakartaMailHearsOfNewMailWhileItIdles() throws Exception {
    try (IMAPStore store = connect()) {
      IMAPFolder inbox = (IMAPFolder) store.getFolder("INBOX");
      inbox.open(Folder.READ_WRITE);
      AtomicInteger added = new AtomicInteger();
      inbox.addMessageCountListener(
          new MessageCountAdapter() {
            @Override
            public void messagesAdded(MessageCountEvent event) {
              added.addAndGet(event.getMessages().length);
            }
          });
      Thread idling =
          new Thread(
              () -> {
                try {
                  inbox.idle(true);
                } catch (MessagingException ended) {
                  // The folder was closed.
                }
              });
      idling.start();
      await()
          .untilAsserted(
              () -> {
                fixture.mail.put(fixture.alice, "Subject: new\r\n\r\n");
                assertThat(added.get()).isPositive();
              });
      inbox.close(false);
      idling.join();
    }
  }

  private IMAPStore connect() throws MessagingException {
    IMAPStore store = (IMAPStore) session.getStore("imap");
    store.connect(HOST, server.port(), "alice@example.com", "secret");
    return store;
  }

  private static Properties starttls() {
    Properties properties = new Properties();
    properties.put("mail.imap.starttls.required", "true");
    properties.put("mail.imap.ssl.trust", "*");
    properties.put("mail.imap.partialfetch", "true");
    properties.put("mail.imap.fetchsize", "1000");
    return properties;
  }

  private static List<String> names(Folder[] folders) {
    return Stream.of(folders).map(Folder::getFullName).toList();
  }

  private MimeMessage parse(String text) throws MessagingException {
    return new MimeMessage(
        session, new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** A message of several parts, some of them longer than a partial fetch. */
  private static String message(Random random) {
    StringBuilder message = new StringBuilder("Subject: Message\r\nFrom: a@b.example\r\n");
    message.append("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=xyz\r\n\r\n");
    int parts = 1 + random.nextInt(4);
    for (int i = 0; i < parts; i++) {
      message.append("--xyz\r\nContent-Type: text/plain\r\n\r\n");
      int lines = random.nextInt(120);
      for (int line = 0; line < lines; line++) {
        message.append("x".repeat(random.nextInt(78))).append("\r\n");
      }
    }
    return message.append("--xyz--\r\n").toString();
  }

  private static String bytes(Message message) throws IOException, MessagingException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    message.writeTo(out);
    return out.toString(StandardCharsets.ISO_8859_1);
  }
}
