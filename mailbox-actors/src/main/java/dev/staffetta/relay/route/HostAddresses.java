package dev.staffetta.relay.route;

import dev.staffetta.config.RelayDnsSettings.Family;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * The addresses of a host.
 *
 * @param canonical its name behind all CNAME records
 * @param addresses in the order in which they are tried: families in turn (as RFC 8305 4)
 * @param isSecure all that could be looked up were validated: whoever makes the lookup of one
 *     family fail does not turn DANE off for the other
 * @param failure why some could not be looked up
 */
record HostAddresses(
    Name canonical, List<InetAddress> addresses, boolean isSecure, Optional<String> failure) {
  HostAddresses {
    addresses = List.copyOf(addresses);
  }

  /** Looks them up. */
  static CompletionStage<HostAddresses> of(
      Dns dns, List<Family> families, Name host, Random random) {
    List<CompletableFuture<DnsAnswer>> asked =
        families.stream()
            .map(family -> family == Family.IPV6 ? Type.AAAA : Type.A)
            .map(type -> dns.ask(host, type).toCompletableFuture())
            .toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(done -> of(host, asked.stream().map(CompletableFuture::join).toList(), random));
  }

  private static HostAddresses of(Name host, List<DnsAnswer> answers, Random random) {
    List<List<InetAddress>> byFamily = new ArrayList<>();
    Name canonical = host;
    boolean isSecure = true;
    Optional<String> failure = Optional.empty();
    for (DnsAnswer answer : answers) {
      if (answer instanceof DnsAnswer.Found found) {
        canonical = found.canonical();
        byFamily.add(shuffled(found.records().stream().map(HostAddresses::address), random));
      } else if (answer instanceof DnsAnswer.Failed failed) {
        failure = Optional.of(failed.why());
        continue;
      }
      isSecure &= answer.isSecure();
    }
    List<InetAddress> addresses = inTurn(byFamily);
    return new HostAddresses(canonical, addresses, isSecure && !addresses.isEmpty(), failure);
  }

  private static InetAddress address(Record record) {
    return record instanceof ARecord a ? a.getAddress() : ((AAAARecord) record).getAddress();
  }

  private static List<InetAddress> shuffled(Stream<InetAddress> addresses, Random random) {
    List<InetAddress> shuffled = new ArrayList<>(addresses.toList());
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  private static List<InetAddress> inTurn(List<List<InetAddress>> byFamily) {
    List<InetAddress> all = new ArrayList<>();
    int longest = byFamily.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < longest; i++) {
      for (List<InetAddress> family : byFamily) {
        if (i < family.size()) {
          all.add(family.get(i));
        }
      }
    }
    return Collections.unmodifiableList(all);
  }
}
