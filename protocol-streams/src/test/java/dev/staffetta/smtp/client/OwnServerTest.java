package dev.staffetta.smtp.client;

import static dev.staffetta.smtp.client.ClientFixture.await;
import static dev.staffetta.smtp.client.ClientFixture.mail;
import static dev.staffetta.smtp.client.ClientFixture.told;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.SmtpSettings;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.memory.MemoryMail;
import dev.staffetta.smtp.SmtpRole;
import dev.staffetta.smtp.SmtpService;
import dev.staffetta.smtp.sink.SinkScript;
import dev.staffetta.smtp.sink.SmtpSink;
import dev.staffetta.wire.LocalServer;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** Mail from this side of SMTP to the other. */
class OwnServerTest {
  @Test
  void messagesOfAnySizeArriveAsTheyWereSent() {
    MemoryMail mail = new MemoryMail();
    AccountId bob = mail.addAccount("bob@example.com", "hidden");
    SmtpSettings settings =
        SmtpSettings.from(
            ConfigFactory.parseResources("reference.conf").resolve().getConfig("staffetta.smtp"));
    SmtpService service =
        new SmtpService(
            SmtpRole.RECEIVE,
            "mx.example.com",
            settings,
            mail.accounts(),
            mail.deliveries(),
            mail.spool(),
            mail.directory(),
            dev.staffetta.ports.Signatures.NONE);
    String large = "Subject: large\r\n\r\n" + (".x".repeat(400) + "\r\n").repeat(3000);
    try (LocalServer server = LocalServer.start(connection -> service.connection());
        ClientFixture client = new ClientFixture()) {
      MailTransport.Channel channel =
          await(
              client
                  .transport()
                  .open(ClientFixture.hop(server.address(), HopSecurity.OPPORTUNISTIC)));
      assertThat(channel.tls()).hasValueSatisfying(tls -> assertThat(tls).startsWith("TLSv1.3"));
      List<String> texts =
          List.of(ClientFixture.TEXT, large, "Subject: dot\r\n\r\n.\r\n..\r\n.a\r\n");
      for (String text : texts) {
        OutgoingMail outgoing =
            mail(EnvelopeOptions.NONE, text, "bob@example.com", "nobody@example.com");
        assertThat(told(await(channel.send(pieces(outgoing, text)))))
            .satisfiesExactly(
                delivered ->
                    assertThat(delivered).startsWith("bob@example.com DELIVERED MESSAGE 250 2."),
                refused ->
                    assertThat(refused)
                        .startsWith("nobody@example.com PERMANENT RECIPIENT 550 5.1.1"));
      }
      channel.close();
      MailboxId inbox = MailboxId.inboxOf(bob);
      List<String> arrived =
          mail.view(inbox).messages().stream()
              .map(message -> mail.content(inbox, message.uid()))
              .map(octets -> octets.decodeString(StandardCharsets.ISO_8859_1))
              .toList();
      assertThat(arrived).hasSameSizeAs(texts);
      for (int i = 0; i < texts.size(); i++) {
        assertThat(arrived.get(i)).endsWith(texts.get(i));
      }
    }
  }

  private static OutgoingMail pieces(OutgoingMail mail, String text) {
    ByteString bytes = ByteString.fromString(text);
    int half = text.length() / 2;
    return new OutgoingMail(
        mail.reversePath(),
        mail.recipients(),
        mail.options(),
        mail.size(),
        mail.summary(),
        Source.from(List.of(bytes.take(half), bytes.drop(half))));
  }

  @Test
  void sourceAddressIsTheOneAskedFor() throws Exception {
    try (var sink = SmtpSink.start(new SinkScript());
        ClientFixture client = new ClientFixture()) {
      Hop plain = ClientFixture.hop(sink.address());
      Hop bound =
          new Hop(
              plain.host(),
              plain.address(),
              plain.dialect(),
              plain.security(),
              Optional.of(InetAddress.getByName("127.0.0.2")),
              Optional.empty());
      await(client.transport().open(bound)).close();
      assertThat(sink.clients()).containsExactly("127.0.0.2");
    }
  }
}
