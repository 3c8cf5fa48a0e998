package dev.staffetta.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.config.Service;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import jakarta.mail.UIDFolder;
import jakarta.mail.event.MessageCountAdapter;
import jakarta.mail.event.MessageCountEvent;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.search.SubjectTerm;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jakarta Mail as a client: what it sends, lists, fetches, flags and files. */
class AngusMailTest {
  private static final String BOB = "bob@example.com";
  private static int accounts;
  private static TestNode node;

  /** A fresh one for each test. */
  private String user = "";

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    node = TestNode.start(data);
    node.addAccount(BOB, TestNode.PASSWORD);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void newAccount() {
    accounts++;
    user = "user" + accounts + "@example.com";
    node.addAccount(user, TestNode.PASSWORD);
  }

  @ParameterizedTest
  @EnumSource(names = {"SUBMISSION", "SUBMISSIONS"})
  void submittedMailArrives(Service service) throws Exception {
    send(service, message("by " + service));
    try (Store store = imap(Service.IMAPS)) {
      Message[] messages = inbox(store, Folder.READ_ONLY).getMessages();
      assertThat(messages).hasSize(1);
      assertThat(messages[0].getSubject()).isEqualTo("by " + service);
      assertThat(messages[0].getContent()).isEqualTo("Grüße, bob\r\n");
      assertThat(messages[0].getHeader("Return-Path")).containsExactly("<" + BOB + ">");
    }
  }

  @Test
  void mailFromOtherServersArrivesWithoutLogin() throws Exception {
    send(Service.SMTP, message("from elsewhere"));
    try (Store store = imap(Service.IMAP)) {
      assertThat(inbox(store, Folder.READ_ONLY).getMessageCount()).isEqualTo(1);
    }
  }

  @Test
  void mailForOthersIsRefusedWithoutLogin() throws Exception {
    MimeMessage message = message("relay");
    message.setRecipients(Message.RecipientType.TO, "someone@elsewhere.example");
    assertThatThrownBy(() -> send(Service.SMTP, message))
        .isInstanceOf(SendFailedException.class)
        .hasStackTraceContaining("550 5.7.1");
  }

  @ParameterizedTest
  @EnumSource(names = {"IMAP", "IMAPS", "POP3", "POP3S"})
  void aWrongPasswordIsRefused(Service service) throws Exception {
    try (Store store = session(service).getStore(service.key())) {
      assertThatThrownBy(
              () -> store.connect("127.0.0.1", node.port(service), user, "wrong password"))
          .isInstanceOf(AuthenticationFailedException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POP3", "POP3S"})
  void pop3ReadsAndDeletes(Service service) throws Exception {
    send(Service.SMTP, message("one"));
    send(Service.SMTP, message("two"));
    try (Store store = open(service)) {
      Folder inbox = inbox(store, Folder.READ_WRITE);
      assertThat(inbox.getMessageCount()).isEqualTo(2);
      assertThat(inbox.getMessage(1).getSubject()).isEqualTo("one");
      assertThat(inbox.getMessage(2).getContent()).isEqualTo("Grüße, bob\r\n");
      inbox.getMessage(1).setFlag(Flags.Flag.DELETED, true);
      inbox.close(true);
    }
    try (Store store = open(service)) {
      Folder inbox = inbox(store, Folder.READ_ONLY);
      assertThat(inbox.getMessageCount()).isEqualTo(1);
      assertThat(inbox.getMessage(1).getSubject()).isEqualTo("two");
    }
  }

  @Test
  void flagsAreKept() throws Exception {
    send(Service.SMTP, message("flagged"));
    try (Store store = imap(Service.IMAP)) {
      Message message = inbox(store, Folder.READ_WRITE).getMessage(1);
      message.setFlag(Flags.Flag.FLAGGED, true);
      message.setFlags(new Flags("$Forwarded"), true);
    }
    try (Store store = imap(Service.IMAP)) {
      Flags flags = inbox(store, Folder.READ_ONLY).getMessage(1).getFlags();
      assertThat(flags.contains(Flags.Flag.FLAGGED)).isTrue();
      assertThat(flags.contains(Flags.Flag.SEEN)).isFalse();
      assertThat(flags.contains("$Forwarded")).isTrue();
    }
  }

  @Test
  void foldersAreMadeFilledRenamedAndDeleted() throws Exception {
    try (Store store = imap(Service.IMAPS)) {
      Folder folder = store.getFolder("Work/Café");
      assertThat(folder.create(Folder.HOLDS_MESSAGES)).isTrue();
      MimeMessage message = message("filed");
      message.setFlag(Flags.Flag.SEEN, true);
      folder.appendMessages(new Message[] {message});
      assertThat(folder.renameTo(store.getFolder("Work/Tea"))).isTrue();
      Folder renamed = store.getFolder("Work/Tea");
      renamed.open(Folder.READ_WRITE);
      assertThat(renamed.getMessageCount()).isEqualTo(1);
      assertThat(renamed.getMessage(1).isSet(Flags.Flag.SEEN)).isTrue();
      renamed.copyMessages(renamed.getMessages(), store.getFolder("Archive"));
      renamed.getMessage(1).setFlag(Flags.Flag.DELETED, true);
      assertThat(renamed.expunge()).hasSize(1);
      renamed.close(false);
      assertThat(renamed.delete(false)).isTrue();
      Folder archive = store.getFolder("Archive");
      archive.open(Folder.READ_ONLY);
      assertThat(archive.search(new SubjectTerm("FILED"))).hasSize(1);
      assertThat(store.getFolder("Work/Tea").exists()).isFalse();
    }
  }

  @Test
  void aFolderThatIsWatchedTellsOfNewMail() throws Exception {
    BlockingQueue<String> subjects = new LinkedBlockingQueue<>();
    try (Store store = imap(Service.IMAPS)) {
      IMAPFolder inbox = (IMAPFolder) inbox(store, Folder.READ_ONLY);
      assertThat(((IMAPStore) store).hasCapability("IDLE")).isTrue();
      inbox.addMessageCountListener(
          new MessageCountAdapter() {
            @Override
            public void messagesAdded(MessageCountEvent event) {
              for (Message message : event.getMessages()) {
                try {
                  subjects.add(message.getSubject());
                } catch (MessagingException e) {
                  subjects.add(e.toString());
                }
              }
            }
          });
      Thread idling =
          new Thread(
              () -> {
                try {
                  inbox.idle(true);
                } catch (MessagingException e) {
                  subjects.add(e.toString());
                }
              },
              "idling");
      idling.start();
      send(Service.SMTP, message("news"));
      assertThat(subjects.poll(30, TimeUnit.SECONDS)).isEqualTo("news");
      idling.join(30_000);
      assertThat(idling.isAlive()).isFalse();
    }
  }

  @Test
  void whatIsThereIsThereAfterARestart(@TempDir Path data) throws Exception {
    long validity;
    try (TestNode first = TestNode.start(data)) {
      first.addAccount(user, TestNode.PASSWORD);
      send(first, Service.SMTP, message("kept"));
      try (Store store = open(first, Service.IMAPS)) {
        validity = ((UIDFolder) inbox(store, Folder.READ_ONLY)).getUIDValidity();
      }
    }
    try (TestNode second = TestNode.start(data);
        Store store = open(second, Service.IMAPS)) {
      Folder inbox = inbox(store, Folder.READ_ONLY);
      assertThat(((UIDFolder) inbox).getUIDValidity()).isEqualTo(validity);
      assertThat(inbox.getMessage(1).getSubject()).isEqualTo("kept");
    }
  }

  private MimeMessage message(String subject) throws MessagingException {
    MimeMessage message = new MimeMessage(Session.getInstance(new Properties()));
    message.setFrom(new InternetAddress(BOB));
    message.setRecipients(Message.RecipientType.TO, user);
    message.setSubject(subject);
    message.setText("Grüße, bob\r\n", "UTF-8");
    message.saveChanges();
    return message;
  }

  private static void send(Service service, MimeMessage message) throws MessagingException {
    send(node, service, message);
  }

  private static void send(TestNode to, Service service, MimeMessage message)
      throws MessagingException {
    String protocol = service.startsWithTls() ? "smtps" : "smtp";
    try (Transport transport = session(service).getTransport(protocol)) {
      boolean isSubmission = service != Service.SMTP;
      transport.connect(
          "127.0.0.1",
          to.port(service),
          isSubmission ? BOB : null,
          isSubmission ? TestNode.PASSWORD : null);
      transport.sendMessage(message, message.getAllRecipients());
    }
  }

  private Store imap(Service service) throws MessagingException {
    return open(service);
  }

  private Store open(Service service) throws MessagingException {
    return open(node, service);
  }

  private Store open(TestNode at, Service service) throws MessagingException {
    Store store = session(service).getStore(service.key());
    store.connect("127.0.0.1", at.port(service), user, TestNode.PASSWORD);
    return store;
  }

  private static Folder inbox(Store store, int mode) throws MessagingException {
    Folder inbox = store.getFolder("INBOX");
    inbox.open(mode);
    return inbox;
  }

  /** STARTTLS wherever TLS is not there from the start; any certificate is taken. */
  private static Session session(Service service) {
    Properties properties = new Properties();
    for (String protocol : new String[] {"smtp", "smtps", "imap", "imaps", "pop3", "pop3s"}) {
      String prefix = "mail." + protocol + ".";
      properties.put(prefix + "ssl.trust", "*");
      properties.put(prefix + "ssl.checkserveridentity", "false");
      properties.put(prefix + "timeout", "60000");
      properties.put(prefix + "connectiontimeout", "60000");
      properties.put(prefix + "starttls.enable", String.valueOf(!service.startsWithTls()));
      properties.put(prefix + "starttls.required", String.valueOf(!service.startsWithTls()));
    }
    String smtp = service.startsWithTls() ? "mail.smtps." : "mail.smtp.";
    properties.put(smtp + "auth", String.valueOf(service != Service.SMTP));
    properties.put(smtp + "from", BOB);
    return Session.getInstance(properties);
  }
}
