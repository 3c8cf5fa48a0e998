package dev.staffetta.relay.route;

import dev.staffetta.relay.tlsrpt.ResultType;
import dev.staffetta.relay.tlsrpt.SessionFailure;
import dev.staffetta.relay.tlsrpt.TlsResults;
import dev.staffetta.smtp.client.HopSecurity;
import dev.staffetta.smtp.client.HopSecurity.Check;
import dev.staffetta.smtp.client.HopSecurity.Mode;
import dev.staffetta.smtp.client.HopSecurity.Tlsa;
import dev.staffetta.smtp.client.TlsPolicy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.xbill.DNS.Name;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.Type;

/** What the TLSA records of a host ask for (RFC 7672), where DNSSEC vouches for them. */
final class Dane {
  private final Dns dns;
  private final int port;
  private final TlsResults results;

  Dane(Dns dns, int port, TlsResults results) {
    this.dns = dns;
    this.port = port;
    this.results = results;
  }

  /**
   * What a host's records ask for. Fails with {@link MxHosts.NoneException} where it has some that
   * cannot be read now: it must not be used then (RFC 7672 2.1.2).
   *
   * @param domain that its MX record belongs to
   * @return empty: no secure record, DANE does not apply
   */
  CompletionStage<Optional<HopSecurity>> find(Name domain, Name host, HostAddresses addresses) {
    if (!addresses.isSecure()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    // RFC 7672 2.2.3: first behind the CNAME records, then before them.
    return find(domain, host, addresses.canonical())
        .thenCompose(
            found ->
                found.isPresent() || addresses.canonical().equals(host)
                    ? CompletableFuture.completedStage(found)
                    : find(domain, host, host));
  }

  private CompletionStage<Optional<HopSecurity>> find(Name domain, Name host, Name base) {
    Optional<Name> owner = DnsNames.below("_" + port + "._tcp", base);
    if (owner.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return dns.ask(owner.get(), Type.TLSA)
        .thenApply(
            answer -> {
              if (answer instanceof DnsAnswer.Failed failed) {
                results.failed(
                    policy(domain, List.of()),
                    new SessionFailure(
                        ResultType.DNSSEC_INVALID, DnsNames.text(host), failed.why()));
                throw new MxHosts.NoneException(
                    "4.7.5",
                    "the TLSA records of " + DnsNames.text(owner.get()) + ": " + failed.why());
              }
              return answer instanceof DnsAnswer.Found found && found.isSecure()
                  ? Optional.of(security(domain, host, base, found.as(TLSARecord.class)))
                  : Optional.empty();
            });
  }

  private HopSecurity security(Name domain, Name host, Name base, List<TLSARecord> records) {
    TlsPolicy under = policy(domain, records);
    List<Tlsa> usable = records.stream().filter(Dane::isUsable).map(Dane::tlsa).toList();
    if (usable.isEmpty()) {
      results.failed(
          under,
          new SessionFailure(
              ResultType.TLSA_INVALID,
              DnsNames.text(host),
              "no TLSA record that mail servers may have"));
      // They show that there is TLS, though not with what certificate (RFC 7672 2.2).
      return new HopSecurity(Mode.REQUIRED, Check.NONE, List.of(), List.of());
    }
    LinkedHashSet<String> names = new LinkedHashSet<>();
    for (Name name : List.of(base, host, domain)) {
      names.add(DnsNames.text(name));
    }
    return new HopSecurity(Mode.REQUIRED, Check.DANE, List.copyOf(names), usable)
        .countedUnder(under);
  }

  private static TlsPolicy policy(Name domain, List<TLSARecord> records) {
    return new TlsPolicy(
        DnsNames.text(domain),
        TlsPolicy.Type.TLSA,
        records.stream().map(TLSARecord::rdataToString).sorted().toList(),
        List.of());
  }

  /** DANE-TA and DANE-EE, of the whole certificate or its key, exact or by SHA-2 (RFC 7672 3.1). */
  private static boolean isUsable(TLSARecord record) {
    int length = record.getCertificateAssociationData().length;
    boolean isWhole =
        switch (record.getMatchingType()) {
          case 0 -> length > 0;
          case 1 -> length == 32;
          case 2 -> length == 64;
          default -> false;
        };
    return isWhole
        && (record.getCertificateUsage() == 2 || record.getCertificateUsage() == 3)
        && record.getSelector() <= 1;
  }

  private static Tlsa tlsa(TLSARecord record) {
    return new Tlsa(
        record.getCertificateUsage(),
        record.getSelector(),
        record.getMatchingType(),
        record.getCertificateAssociationData());
  }
}
