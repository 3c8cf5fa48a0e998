package dev.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.wire.ConnectionLimits;
import dev.staffetta.wire.LocalServer;
import dev.staffetta.wire.TestCertificate;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.Random;
import org.apache.commons.net.smtp.AuthenticatingSMTPClient;
import org.apache.commons.net.smtp.SMTPClient;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPMessage;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that others wrote, over a socket. */
class SmtpClientsTest {
  private static final String HOST = "127.0.0.1";

  private final SmtpFixture fixture = new SmtpFixture();
  private final LocalServer receive = server(SmtpRole.RECEIVE, LocalServer.Tls.STARTTLS);
  private final LocalServer submission = server(SmtpRole.SUBMISSION, LocalServer.Tls.STARTTLS);
  private final LocalServer submissions = server(SmtpRole.SUBMISSION, LocalServer.Tls.IMPLICIT);

  private LocalServer server(SmtpRole role, LocalServer.Tls tls) {
    return LocalServer.start(
        connection -> fixture.service(role).connection(), tls, ConnectionLimits.DEFAULT);
  }

  @AfterEach
  void stop() {
    receive.close();
    submission.close();
    submissions.close();
  }

  @Test
  void commonsNetSendsMail() throws IOException {
    SMTPClient client = new SMTPClient();
    client.connect(HOST, receive.port());
    assertThat(client.login("client.example.net")).isTrue();
    for (int i = 0; i < 3; i++) {
      assertThat(client.setSender("carol@example.net")).isTrue();
      assertThat(client.addRecipient("alice@example.com")).isTrue();
      assertThat(client.addRecipient("nobody@example.com")).isFalse();
      try (Writer message = client.sendMessageData()) {
        message.write("Subject: dots\r\n\r\n.\r\n..\r\nend\r\n");
      }
      assertThat(client.completePendingCommand()).isTrue();
    }
    assertThat(client.vrfy("alice")).isEqualTo(252);
    assertThat(client.reset()).isTrue();
    assertThat(client.logout()).isTrue();
    assertThat(fixture.inbox(fixture.alice))
        .hasSize(3)
        .allMatch(message -> message.endsWith("Subject: dots\r\n\r\n.\r\n..\r\nend\r\n"));
  }

  @Test
  void commonsNetAuthenticatesUnderTls() throws Exception {
    for (AuthenticatingSMTPClient.AUTH_METHOD method :
        new AuthenticatingSMTPClient.AUTH_METHOD[] {
          AuthenticatingSMTPClient.AUTH_METHOD.PLAIN, AuthenticatingSMTPClient.AUTH_METHOD.LOGIN
        }) {
      AuthenticatingSMTPClient client =
          new AuthenticatingSMTPClient(false, TestCertificate.clientContext());
      client.connect(HOST, submission.port());
      client.ehlo("laptop.example.net");
      assertThat(client.execTLS()).isTrue();
      client.ehlo("laptop.example.net");
      assertThat(client.auth(method, "alice@example.com", "wrong")).isFalse();
      assertThat(client.auth(method, "alice@example.com", "secret")).isTrue();
      assertThat(client.setSender("alice@example.com")).isTrue();
      assertThat(client.addRecipient("bob@example.com")).isTrue();
      assertThat(client.addRecipient("dave@example.org")).isTrue();
      assertThat(client.sendShortMessageData("Subject: a\r\n\r\nb\r\n")).isTrue();
      client.logout();
    }
    assertThat(fixture.inbox(fixture.bob))
        .hasSize(2)
        .allMatch(message -> message.contains(" with ESMTPSA id "));
  }

  @Test
  void jakartaMailSubmitsOctetForOctet() throws Exception {
    Session session = session(submissions, "true", "false");
    Random random = new Random(5321);
    try (Transport transport = session.getTransport("smtp")) {
      transport.connect("alice@example.com", "secret");
      for (int i = 0; i < 20; i++) {
        MimeMessage message = message(session, random);
        transport.sendMessage(
            message, new InternetAddress[] {new InternetAddress("bob@example.com")});
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        message.writeTo(sent);
        assertThat(fixture.inbox(fixture.bob).get(i))
            .endsWith(sent.toString(StandardCharsets.ISO_8859_1));
      }
    }
  }

  /** Sends by BDAT, after STARTTLS, with SMTPUTF8. */
  @Test
  void jakartaMailSendsChunksAndUtf8() throws Exception {
    Session session = session(receive, "false", "true");
    session.getProperties().setProperty("mail.mime.allowutf8", "true");
    try (SMTPTransport transport = (SMTPTransport) session.getTransport("smtp")) {
      transport.connect();
      assertThat(transport.supportsExtension("CHUNKING")).isTrue();
      SMTPMessage message = new SMTPMessage(message(session, new Random(1)));
      message.setEnvelopeFrom("jörg@example.net");
      message.setSubject("Grüße", "UTF-8");
      message.saveChanges();
      transport.sendMessage(
          message, new InternetAddress[] {new InternetAddress("alice@example.com")});
      assertThat(transport.getLastServerResponse()).startsWith("250 2.0.0 ok");
    }
    String stored = fixture.inbox(fixture.alice).get(0);
    assertThat(new String(stored.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
        .startsWith("Return-Path: <jörg@example.net>\r\n")
        .contains(" with UTF8SMTPS id ", "\r\nSubject: ");
  }

  @Test
  void jakartaMailIsToldWhatIsWrong() throws Exception {
    Session session = session(submission, "false", "true");
    assertThatThrownBy(() -> session.getTransport("smtp").connect("alice@example.com", "wrong"))
        .isInstanceOf(AuthenticationFailedException.class)
        .hasMessageContaining("535 5.7.8");
    try (Transport transport = session.getTransport("smtp")) {
      transport.connect("alice@example.com", "secret");
      Message message = message(session, new Random(2));
      assertThatThrownBy(
              () ->
                  transport.sendMessage(
                      message, new InternetAddress[] {new InternetAddress("x@example.com")}))
          .isInstanceOf(MessagingException.class)
          .hasRootCauseInstanceOf(SMTPAddressFailedException.class)
          .hasStackTraceContaining("550 5.1.1");
    }
  }

  private static Session session(LocalServer server, String tls, String startTls) {
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.host", HOST);
    properties.setProperty("mail.smtp.port", Integer.toString(server.port()));
    properties.setProperty("mail.smtp.ssl.enable", tls);
    properties.setProperty("mail.smtp.starttls.enable", startTls);
    properties.setProperty("mail.smtp.starttls.required", startTls);
    properties.setProperty("mail.smtp.ssl.trust", HOST);
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "false");
    properties.setProperty("mail.smtp.localhost", "laptop.example.net");
    properties.setProperty("mail.smtp.chunksize", startTls.equals("true") ? "1000" : "-1");
    properties.setProperty("mail.from", "alice@example.com");
    return Session.getInstance(properties);
  }

  /** Lines of any letters, some long, many with dots first. */
  private static MimeMessage message(Session session, Random random) throws MessagingException {
    StringBuilder text =
        new StringBuilder("From: alice@example.com\r\nMessage-ID: <a@b>\r\nDate: now\r\n\r\n");
    for (int line = random.nextInt(300); line >= 0; line--) {
      text.append(".".repeat(random.nextInt(3)));
      int length = random.nextInt(10) == 0 ? 900 : random.nextInt(80);
      random.ints(length, 32, 127).forEach(text::appendCodePoint);
      text.append("\r\n");
    }
    return new MimeMessage(
        session, new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.US_ASCII)));
  }
}
