package dev.staffetta.relay.route;

import dev.staffetta.config.RelayDnsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.dnssec.ValidatingResolver;

/**
 * The recursive name servers: one after the other is asked until one knows. Validates what they say
 * where that is wanted; an answer that is bogus is none. Blocks nowhere.
 */
final class NameServers {
  /** Fits in one packet on every way (RFC 9715 3.1). */
  private static final int UDP_PAYLOAD_IN_BYTES = 1232;

  private final List<Resolver> servers;

  /** Of a chain of zones whose keys are not known yet, each asked for one after the other. */
  private static final int QUESTIONS_TO_VALIDATE = 6;

  private final Duration timeout;
  private final Duration limit;
  private final int rounds;
  private final RelayDnsSettings.Dnssec dnssec;
  private final Executor executor;

  NameServers(RelayDnsSettings settings, Executor executor) {
    this.timeout = settings.timeout();
    this.rounds = settings.rounds();
    this.dnssec = settings.dnssec();
    // Over UDP and, if the answer is too long, over TCP; each has its own limit already.
    Duration ofOne = timeout.multipliedBy(2).plusSeconds(1);
    this.limit =
        dnssec == RelayDnsSettings.Dnssec.VALIDATE
            ? ofOne.multipliedBy(QUESTIONS_TO_VALIDATE)
            : ofOne;
    this.executor = executor;
    List<InetSocketAddress> addresses =
        settings.servers().isEmpty() ? ofTheSystem() : settings.servers();
    this.servers =
        addresses.stream()
            .map(this::resolver)
            .map(
                server ->
                    dnssec == RelayDnsSettings.Dnssec.VALIDATE
                        ? validating(server, settings.trustAnchors())
                        : server)
            .toList();
  }

  private static List<InetSocketAddress> ofTheSystem() {
    List<InetSocketAddress> servers = ResolverConfig.getCurrentConfig().servers();
    return servers.isEmpty()
        ? List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53))
        : servers;
  }

  private static Resolver validating(Resolver server, List<String> anchors) {
    ValidatingResolver resolver = new ValidatingResolver(server);
    resolver.setEDNS(0, UDP_PAYLOAD_IN_BYTES, ExtendedFlags.DO, List.of());
    String records =
        anchors.stream()
            .map(anchor -> anchor.replaceFirst(" ", " IN DS ") + "\n")
            .collect(Collectors.joining());
    try {
      resolver.loadTrustAnchors(
          new ByteArrayInputStream(records.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new IllegalArgumentException("trust-anchors cannot be read: " + e.getMessage(), e);
    }
    return resolver;
  }

  private Resolver resolver(InetSocketAddress address) {
    SimpleResolver resolver = new SimpleResolver(address);
    resolver.setTimeout(timeout);
    resolver.setEDNS(0, UDP_PAYLOAD_IN_BYTES, 0, List.of());
    return resolver;
  }

  /** What a server answered: NOERROR or NXDOMAIN; fails with what the last one did. */
  CompletionStage<Message> ask(Name name, int type) {
    List<Resolver> attempts = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      attempts.addAll(servers);
    }
    return ask(question(name, type), attempts);
  }

  private Message question(Name name, int type) {
    Message question = Message.newQuery(Record.newRecord(name, type, DClass.IN));
    if (dnssec == RelayDnsSettings.Dnssec.TRUST_AD) {
      // Asks whether the answer was validated, without the records that prove it (RFC 6840 5.7).
      question.getHeader().setFlag(Flags.AD);
    }
    return question;
  }

  private CompletionStage<Message> ask(Message question, List<Resolver> attempts) {
    CompletionStage<Message> answer =
        attempts
            .get(0)
            .sendAsync(question.clone(), executor)
            .toCompletableFuture()
            .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
            .thenCompose(NameServers::usable);
    List<Resolver> others = attempts.subList(1, attempts.size());
    return others.isEmpty()
        ? answer
        : answer.exceptionallyComposeAsync(failure -> ask(question, others), executor);
  }

  private static CompletionStage<Message> usable(Message answer) {
    int code = answer.getRcode();
    if (code == Rcode.NOERROR || code == Rcode.NXDOMAIN) {
      return CompletableFuture.completedStage(answer);
    }
    return CompletableFuture.failedStage(
        new IOException("the name server says " + Rcode.string(code) + bogus(answer)));
  }

  /** Why validation failed, if it did. */
  private static String bogus(Message answer) {
    return answer.getSection(Section.ADDITIONAL).stream()
        .filter(record -> record.getDClass() == ValidatingResolver.VALIDATION_REASON_QCLASS)
        .map(record -> ": DNSSEC: " + String.join("", ((TXTRecord) record).getStrings()))
        .findFirst()
        .orElse("");
  }
}
