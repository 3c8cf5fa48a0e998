package dev.staffetta.smtp.client;

import static dev.staffetta.smtp.client.ClientFixture.await;
import static dev.staffetta.smtp.client.ClientFixture.failure;
import static dev.staffetta.smtp.client.ClientFixture.hop;
import static dev.staffetta.smtp.client.ClientFixture.mail;
import static dev.staffetta.smtp.client.ClientFixture.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.smtp.client.HopFailedException.Stage;
import dev.staffetta.smtp.client.HopSecurity.Check;
import dev.staffetta.smtp.client.HopSecurity.Mode;
import dev.staffetta.smtp.client.HopSecurity.Tlsa;
import dev.staffetta.smtp.sink.SinkCertificate;
import dev.staffetta.smtp.sink.SinkScript;
import dev.staffetta.smtp.sink.SinkScript.Tls;
import dev.staffetta.smtp.sink.SmtpSink;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS with servers good and bad. */
class ClientTlsTest {
  private static final ClientFixture CLIENT = new ClientFixture();
  private static final SinkCertificate GOOD = SinkCertificate.of("sink.example.net");
  private static final SinkCertificate EXPIRED = SinkCertificate.expired("sink.example.net");
  private static final SinkCertificate OTHER = SinkCertificate.of("other.example.com");

  @AfterAll
  static void stop() {
    CLIENT.close();
  }

  private static HopSecurity names(Mode mode, String... names) {
    return new HopSecurity(mode, Check.NAMES, List.of(names), List.of());
  }

  private static HopSecurity dane(Tlsa... records) {
    return new HopSecurity(
        Mode.REQUIRED, Check.DANE, List.of("sink.example.net"), List.of(records));
  }

  private static Tlsa tlsa(int usage, int selector, int matching, X509Certificate certificate)
      throws Exception {
    byte[] data =
        selector == 0 ? certificate.getEncoded() : certificate.getPublicKey().getEncoded();
    return new Tlsa(
        usage,
        selector,
        matching,
        switch (matching) {
          case 1 -> MessageDigest.getInstance("SHA-256").digest(data);
          case 2 -> MessageDigest.getInstance("SHA-512").digest(data);
          default -> data;
        });
  }

  private static MailTransport transport() {
    return CLIENT.transport(GOOD.trust());
  }

  private static String send(SmtpSink sink, HopSecurity security) {
    MailTransport.Channel channel = await(transport().open(hop(sink.address(), security)));
    try {
      String told = told(await(channel.send(mail("bob@example.net")))).get(0);
      assertThat(told).contains("DELIVERED");
      return channel.tls().orElse("plain");
    } finally {
      channel.close();
    }
  }

  private static String refusal(SmtpSink sink, HopSecurity security) {
    HopFailedException failure = failure(transport().open(hop(sink.address(), security)));
    assertThat(failure.stage()).isEqualTo(Stage.TLS);
    assertThat(failure.reply().isTemporary()).isTrue();
    return failure.reply().text();
  }

  private static SmtpSink sink(Tls tls, SinkCertificate certificate) {
    return SmtpSink.start(new SinkScript().tls(tls, certificate));
  }

  @Test
  void takesAnyCertificateWhereNoneIsAskedFor() {
    for (SinkCertificate certificate : List.of(GOOD, EXPIRED, OTHER)) {
      try (SmtpSink sink = sink(Tls.STARTTLS, certificate)) {
        assertThat(send(sink, HopSecurity.OPPORTUNISTIC)).startsWith("TLSv1.3 TLS_");
        assertThat(sink.received().get(0).tls()).isEqualTo("TLSv1.3");
        assertThat(sink.commands().stream().filter(c -> c.startsWith("EHLO"))).hasSize(2);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Tls.class,
      names = {"NONE", "REFUSED"})
  void goesOnInPlainTextWhereItMay(Tls tls) {
    try (SmtpSink sink = sink(tls, GOOD)) {
      assertThat(send(sink, HopSecurity.OPPORTUNISTIC)).isEqualTo("plain");
      assertThat(refusal(sink, names(Mode.REQUIRED, "sink.example.net"))).isNotEmpty();
      assertThat(sink.received()).hasSize(1);
    }
  }

  @Test
  void plainNeverStartsTls() {
    try (SmtpSink sink = sink(Tls.STARTTLS, GOOD)) {
      assertThat(send(sink, HopSecurity.PLAIN)).isEqualTo("plain");
    }
  }

  @Test
  void checksTheNamesAndTheAuthority() {
    try (SmtpSink sink = sink(Tls.STARTTLS, GOOD)) {
      assertThat(send(sink, names(Mode.REQUIRED, "x.example.org", "SINK.example.net.")))
          .startsWith("TLS");
      assertThat(send(sink, names(Mode.REQUIRED, "*.example.net"))).startsWith("TLS");
      assertThat(refusal(sink, names(Mode.REQUIRED, "mail.example.net")))
          .contains("sink.example.net")
          .contains("mail.example.net");
    }
    try (SmtpSink sink = sink(Tls.STARTTLS, OTHER)) {
      assertThat(refusal(sink, names(Mode.REQUIRED, "other.example.com")))
          .startsWith("the certificate was refused");
    }
    SinkCertificate expired = EXPIRED;
    try (SmtpSink sink = sink(Tls.STARTTLS, expired)) {
      HopFailedException failure =
          failure(
              CLIENT
                  .transport(expired.trust())
                  .open(hop(sink.address(), names(Mode.REQUIRED, "sink.example.net"))));
      assertThat(failure.stage()).isEqualTo(Stage.TLS);
      assertThat(failure.reply().text()).startsWith("the certificate was refused");
    }
  }

  @Test
  void speaksTlsFromTheFirstByte() {
    try (SmtpSink sink = sink(Tls.IMPLICIT, GOOD)) {
      assertThat(send(sink, names(Mode.IMPLICIT, "sink.example.net"))).startsWith("TLSv1.3");
      assertThat(refusal(sink, names(Mode.IMPLICIT, "x.example.net"))).contains("refused");
    }
  }

  @Test
  void speaksTheVersionBeforeTheLast() {
    try (SmtpSink sink = sink(Tls.OLD, GOOD)) {
      assertThat(send(sink, names(Mode.REQUIRED, "sink.example.net"))).startsWith("TLSv1.2 TLS_");
    }
  }

  @Test
  void renegotiationIsRefused() {
    try (SmtpSink sink = sink(Tls.RENEGOTIATED, GOOD)) {
      assertThat(refusal(sink, HopSecurity.OPPORTUNISTIC)).contains("renegotiation refused");
    }
  }

  @Test
  void brokenHandshakesFailTheHop() {
    for (Tls tls : List.of(Tls.BROKEN, Tls.INJECTED)) {
      try (SmtpSink sink = sink(tls, GOOD)) {
        if (tls == Tls.BROKEN) {
          assertThat(refusal(sink, HopSecurity.OPPORTUNISTIC)).startsWith("TLS failed: ");
        } else {
          // The injected SIZE of 1 would have the message refused.
          assertThat(send(sink, HopSecurity.OPPORTUNISTIC)).startsWith("TLS");
        }
      }
    }
  }

  @Test
  void tlsaRecordsOfTheServersCertificateCountAlone() throws Exception {
    for (SinkCertificate certificate : List.of(EXPIRED, OTHER)) {
      try (SmtpSink sink = sink(Tls.STARTTLS, certificate)) {
        for (int selector = 0; selector <= 1; selector++) {
          for (int matching = 0; matching <= 2; matching++) {
            assertThat(send(sink, dane(tlsa(3, selector, matching, certificate.server()))))
                .startsWith("TLS");
          }
        }
        assertThat(refusal(sink, dane(tlsa(3, 1, 1, GOOD.server())))).contains("TLSA");
        assertThat(
                send(sink, dane(tlsa(3, 1, 1, GOOD.server()), tlsa(3, 1, 1, certificate.server()))))
            .startsWith("TLS");
      }
    }
  }

  @Test
  void tlsaRecordsOfAnAnchorNeedNameAndDates() throws Exception {
    try (SmtpSink sink = sink(Tls.STARTTLS, GOOD)) {
      for (int selector = 0; selector <= 1; selector++) {
        for (int matching = 0; matching <= 2; matching++) {
          assertThat(send(sink, dane(tlsa(2, selector, matching, GOOD.authority()))))
              .startsWith("TLS");
        }
      }
      assertThat(refusal(sink, dane(tlsa(2, 1, 1, OTHER.authority())))).contains("TLSA");
      assertThat(refusal(sink, dane(tlsa(2, 0, 0, OTHER.authority())))).contains("anchor");
      assertThat(refusal(sink, dane(tlsa(0, 1, 1, GOOD.authority())))).contains("TLSA");
    }
    try (SmtpSink sink = sink(Tls.STARTTLS, EXPIRED)) {
      assertThat(refusal(sink, dane(tlsa(2, 1, 1, EXPIRED.authority())))).contains("anchor");
    }
    try (SmtpSink sink = sink(Tls.STARTTLS, OTHER)) {
      assertThat(refusal(sink, dane(tlsa(2, 1, 1, OTHER.authority())))).contains("other.example");
    }
  }

  @Test
  void aPasswordIsSentOverTlsOnly() {
    Hop.Login login = new Hop.Login("alice", "secret");
    assertThat(login.toString()).doesNotContain("secret");
    for (String mechanism : List.of("AUTH PLAIN LOGIN", "AUTH LOGIN", "AUTH=LOGIN")) {
      SinkScript script = new SinkScript().tls(Tls.STARTTLS, GOOD).offer(mechanism);
      try (SmtpSink sink = SmtpSink.start(script)) {
        Hop hop = hop(sink.address(), HopSecurity.OPPORTUNISTIC);
        Hop smarthost = login(hop, login);
        await(transport().open(smarthost)).close();
        assertThat(sink.commands()).containsAnyOf("AUTH PLAIN AGFsaWNlAHNlY3JldA==", "c2VjcmV0");
        script.tls(Tls.NONE, GOOD);
        HopFailedException failure = failure(transport().open(smarthost));
        assertThat(failure.stage()).isEqualTo(Stage.LOGIN);
        assertThat(sink.commands().stream().filter(c -> c.startsWith("AUTH"))).hasSize(1);
        script.tls(Tls.STARTTLS, GOOD).on("AUTH", "535 5.7.8 no");
        assertThat(failure(transport().open(smarthost)).reply()).hasToString("535 5.7.8 no");
      }
    }
  }

  private static Hop login(Hop hop, Hop.Login login) {
    return new Hop(
        hop.host(), hop.address(), hop.dialect(), hop.security(), hop.source(), Optional.of(login));
  }

  @Test
  void aHandshakeThatDoesNotEndHasALimit() {
    try (SmtpSink sink = sink(Tls.SILENT, GOOD)) {
      HopFailedException failure =
          failure(
              CLIENT
                  .transport("handshake-timeout = 300ms")
                  .open(hop(sink.address(), HopSecurity.OPPORTUNISTIC)));
      assertThat(failure.stage()).isEqualTo(Stage.TLS);
    }
  }
}
