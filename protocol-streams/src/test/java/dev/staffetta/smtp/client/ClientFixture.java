package dev.staffetta.smtp.client;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.RelayClientSettings;
import dev.staffetta.mime.MessageParser;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.smtp.sink.SmtpSink;
import dev.staffetta.wire.QuietSystem;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.X509TrustManager;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A transport, and mail to send with it. */
final class ClientFixture implements AutoCloseable {
  static final String TEXT = "Subject: a\r\n\r\nHello\r\n.dot\r\nbye\r\n";

  private static final Config REFERENCE =
      ConfigFactory.parseResources("reference.conf").resolve().getConfig("staffetta.relay.client");
  final ActorSystem<Void> system =
      ActorSystem.create(Behaviors.empty(), "client", QuietSystem.CONFIG);

  static RelayClientSettings settings(String changed) {
    return RelayClientSettings.from(ConfigFactory.parseString(changed).withFallback(REFERENCE));
  }

  MailTransport transport() {
    return transport("");
  }

  MailTransport transport(String changed) {
    return new SmtpTransport(system, "client.example.org", settings(changed));
  }

  MailTransport transport(X509TrustManager trust) {
    return new SmtpTransport(system, "client.example.org", settings(""), trust);
  }

  /** Sends one mail over a connection of its own; returns what each recipient is told. */
  List<String> send(SmtpSink sink, OutgoingMail mail) {
    return send(sink, "", mail);
  }

  List<String> send(SmtpSink sink, String changed, OutgoingMail mail) {
    MailTransport.Channel channel = await(transport(changed).open(hop(sink.address())));
    try {
      return told(await(channel.send(mail)));
    } finally {
      channel.close();
    }
  }

  static Hop hop(InetSocketAddress address) {
    return hop(address, HopSecurity.PLAIN);
  }

  static Hop hop(InetSocketAddress address, HopSecurity security) {
    return new Hop(
        "sink.example.net",
        address,
        Hop.Dialect.SMTP,
        security,
        Optional.empty(),
        Optional.empty());
  }

  static Hop lmtp(InetSocketAddress address) {
    return new Hop(
        "sink.example.net",
        address,
        Hop.Dialect.LMTP,
        HopSecurity.PLAIN,
        Optional.empty(),
        Optional.empty());
  }

  static OutgoingMail mail(String... recipients) {
    return mail(EnvelopeOptions.NONE, TEXT, recipients);
  }

  static OutgoingMail mail(EnvelopeOptions options, String text, String... recipients) {
    ByteString bytes = ByteString.fromString(text, StandardCharsets.ISO_8859_1);
    return new OutgoingMail(
        Optional.of(address("alice@example.com")),
        Stream.of(recipients).map(ClientFixture::address).toList(),
        options,
        bytes.size(),
        summary(bytes),
        Source.single(bytes));
  }

  static MessageSummary summary(ByteString bytes) {
    return MessageParser.parse(bytes);
  }

  static MailAddress address(String text) {
    int at = text.lastIndexOf('@');
    return new MailAddress(text.substring(0, at), text.substring(at + 1));
  }

  static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** Why a hop could not be opened. */
  static HopFailedException failure(CompletionStage<?> stage) {
    try {
      await(stage);
    } catch (CompletionException e) {
      if (e.getCause() instanceof HopFailedException failure) {
        return failure;
      }
      throw e;
    }
    throw new AssertionError("the hop was opened");
  }

  /** One recipient a line: {@code bob@example.net PERMANENT RECIPIENT 550 5.1.1 no such user}. */
  static List<String> told(List<RecipientOutcome> outcomes) {
    return outcomes.stream()
        .map(o -> o.recipient() + " " + o.result() + " " + o.scope() + " " + o.reply())
        .toList();
  }

  @Override
  public void close() {
    system.terminate();
    await(system.getWhenTerminated());
  }
}
