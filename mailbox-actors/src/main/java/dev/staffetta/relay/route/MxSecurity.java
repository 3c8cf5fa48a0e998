package dev.staffetta.relay.route;

import dev.staffetta.config.RelayTlsSettings;
import dev.staffetta.config.RelayTlsSettings.Policy;
import dev.staffetta.relay.route.MxHosts.NoneException;
import dev.staffetta.smtp.client.HopSecurity;
import dev.staffetta.smtp.client.HopSecurity.Check;
import dev.staffetta.smtp.client.HopSecurity.Mode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/**
 * How connections to MX hosts are secured: as configured, else as the host's TLSA records say, else
 * as the domain's MTA-STS policy does, else with TLS where it is offered.
 */
final class MxSecurity {
  private static final Logger LOG = LoggerFactory.getLogger(MxSecurity.class);

  private final DomainTable<Policy> configured;
  private final Dane dane;
  private final Function<Name, CompletionStage<Optional<MtaStsPolicy>>> mtaSts;

  MxSecurity(
      RelayTlsSettings settings,
      Dane dane,
      Function<Name, CompletionStage<Optional<MtaStsPolicy>>> mtaSts) {
    this.configured = new DomainTable<>(settings.policies());
    this.dane = dane;
    this.mtaSts = mtaSts;
  }

  /** What holds for all hosts of a domain. */
  record OfDomain(
      Name domain,
      boolean isSecureMx,
      boolean requiresTls,
      Optional<Policy> configured,
      Optional<MtaStsPolicy> mtaSts) {}

  CompletionStage<OfDomain> ofDomain(Name domain, boolean isSecureMx, boolean requiresTls) {
    Optional<Policy> own =
        configured
            .find(DnsNames.text(domain))
            .filter(policy -> policy.mode() != RelayTlsSettings.Mode.AUTOMATIC)
            // A message that must not be sent in plain text stands above what is less than that.
            .filter(policy -> !requiresTls || policy.mode() == RelayTlsSettings.Mode.VERIFIED);
    return own.isPresent()
        ? CompletableFuture.completedStage(
            new OfDomain(domain, isSecureMx, requiresTls, own, Optional.empty()))
        : mtaSts
            .apply(domain)
            .thenApply(
                policy -> new OfDomain(domain, isSecureMx, requiresTls, Optional.empty(), policy));
  }

  /** Of a host; fails with {@link NoneException} where nothing may be sent to it. */
  CompletionStage<HopSecurity> ofHost(OfDomain domain, Name host, HostAddresses addresses) {
    if (domain.configured().isPresent()) {
      return CompletableFuture.completedStage(configured(domain.configured().get(), host));
    }
    CompletionStage<Optional<HopSecurity>> byDane =
        domain.isSecureMx()
            ? dane.find(domain.domain(), host, addresses)
            : CompletableFuture.completedStage(Optional.empty());
    return byDane.thenApply(found -> found.orElseGet(() -> withoutDane(domain, host)));
  }

  private static HopSecurity configured(Policy policy, Name host) {
    return switch (policy.mode()) {
      case NONE -> HopSecurity.PLAIN;
      case AUTOMATIC, OPPORTUNISTIC -> HopSecurity.OPPORTUNISTIC;
      case REQUIRED -> new HopSecurity(Mode.REQUIRED, Check.NONE, List.of(), List.of());
      case VERIFIED ->
          policy.names().isEmpty()
              ? verified(host)
              : new HopSecurity(Mode.REQUIRED, Check.NAMES, policy.names(), List.of());
    };
  }

  private static HopSecurity withoutDane(OfDomain domain, Name host) {
    String name = DnsNames.text(host);
    Optional<MtaStsPolicy> policy =
        domain.mtaSts().filter(found -> found.mode() != MtaStsPolicy.Mode.NONE);
    boolean isNamed = policy.isPresent() && policy.get().names(name);
    if (policy.isPresent() && policy.get().mode() == MtaStsPolicy.Mode.ENFORCE && !isNamed) {
      // Temporary until the policy ends or changes (RFC 8461 5).
      throw new NoneException(
          "4.7.5",
          "the MTA-STS policy of %s does not name its MX host %s"
              .formatted(DnsNames.text(domain.domain()), name));
    }
    if (policy.isPresent() && policy.get().mode() == MtaStsPolicy.Mode.ENFORCE) {
      return verified(host);
    }
    if (domain.requiresTls()) {
      // RFC 8689 4.2.1: that the host is the domain's has to be known for sure.
      if (domain.isSecureMx() || isNamed) {
        return verified(host);
      }
      throw new NoneException(
          "5.7.10",
          "the message may be sent over verified TLS only, and neither DNSSEC nor MTA-STS vouches"
              + " for the MX hosts of "
              + DnsNames.text(domain.domain()));
    }
    if (policy.isPresent() && !isNamed) {
      LOG.info(
          "the MTA-STS policy of {}, which is being tested, does not name its MX host {}",
          DnsNames.text(domain.domain()),
          name);
    }
    return HopSecurity.OPPORTUNISTIC;
  }

  private static HopSecurity verified(Name host) {
    return new HopSecurity(Mode.REQUIRED, Check.NAMES, List.of(DnsNames.text(host)), List.of());
  }
}
