package dev.staffetta.relay.route;

import dev.staffetta.config.RelayDnsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;

/** The recursive name servers: one after the other is asked until one knows. Blocks nowhere. */
final class NameServers {
  /** Fits in one packet on every way (RFC 9715 3.1). */
  private static final int UDP_PAYLOAD_IN_BYTES = 1232;

  private final List<Resolver> servers;
  private final Duration timeout;
  private final int rounds;
  private final boolean wantsValidation;
  private final Executor executor;

  NameServers(RelayDnsSettings settings, Executor executor) {
    this.timeout = settings.timeout();
    this.rounds = settings.rounds();
    this.wantsValidation = settings.dnssec() == RelayDnsSettings.Dnssec.TRUST_AD;
    this.executor = executor;
    List<InetSocketAddress> addresses =
        settings.servers().isEmpty() ? ofTheSystem() : settings.servers();
    this.servers = addresses.stream().map(this::resolver).toList();
  }

  private static List<InetSocketAddress> ofTheSystem() {
    List<InetSocketAddress> servers = ResolverConfig.getCurrentConfig().servers();
    return servers.isEmpty()
        ? List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53))
        : servers;
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
    if (wantsValidation) {
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
            // Over UDP and, if the answer is too long, over TCP; each has its own limit already.
            .orTimeout(2 * timeout.toMillis() + 1000, TimeUnit.MILLISECONDS)
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
        new IOException("the name server says " + Rcode.string(code)));
  }
}
