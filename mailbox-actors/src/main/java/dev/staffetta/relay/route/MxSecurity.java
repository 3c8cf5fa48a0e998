package dev.staffetta.relay.route;

import static dev.staffetta.smtp.client.HopSecurity.OPPORTUNISTIC;

import dev.staffetta.config.RelayTlsSettings;
import dev.staffetta.config.RelayTlsSettings.Policy;
import dev.staffetta.relay.route.MxHosts.NoneException;
import dev.staffetta.relay.tlsrpt.ResultType;
import dev.staffetta.relay.tlsrpt.SessionFailure;
import dev.staffetta.relay.tlsrpt.TlsResults;
import dev.staffetta.smtp.client.HopSecurity;
import dev.staffetta.smtp.client.HopSecurity.Check;
import dev.staffetta.smtp.client.HopSecurity.Mode;
import dev.staffetta.smtp.client.TlsPolicy;
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
  private final TlsResults results;

  MxSecurity(
      RelayTlsSettings settings,
      Dane dane,
      Function<Name, CompletionStage<Optional<MtaStsPolicy>>> mtaSts,
      TlsResults results) {
    this.configured = new DomainTable<>(settings.policies());
    this.dane = dane;
    this.mtaSts = mtaSts;
    this.results = results;
  }

  /** What holds for all hosts of a domain. */
  record OfDomain(
      Name domain,
      boolean isSecureMx,
      TlsDemand demand,
      Optional<Policy> configured,
      Optional<MtaStsPolicy> mtaSts) {}

  CompletionStage<OfDomain> ofDomain(Name domain, boolean isSecureMx, TlsDemand demand) {
    Optional<Policy> own =
        configured
            .find(DnsNames.text(domain))
            .filter(policy -> policy.mode() != RelayTlsSettings.Mode.AUTOMATIC)
            // A message that must not be sent in plain text stands above what is less than that.
            .filter(
                policy ->
                    demand != TlsDemand.VERIFIED
                        || policy.mode() == RelayTlsSettings.Mode.VERIFIED);
    return own.isPresent() || demand == TlsDemand.NONE
        ? CompletableFuture.completedStage(
            new OfDomain(domain, isSecureMx, demand, own, Optional.empty()))
        : mtaSts
            .apply(domain)
            .thenApply(
                policy -> new OfDomain(domain, isSecureMx, demand, Optional.empty(), policy));
  }

  /** Of a host; fails with {@link NoneException} where nothing may be sent to it. */
  CompletionStage<HopSecurity> ofHost(OfDomain domain, Name host, HostAddresses addresses) {
    if (domain.demand() == TlsDemand.NONE) {
      return CompletableFuture.completedStage(
          domain.configured().filter(own -> own.mode() == RelayTlsSettings.Mode.NONE).isPresent()
              ? HopSecurity.PLAIN
              : OPPORTUNISTIC);
    }
    if (domain.configured().isPresent()) {
      return CompletableFuture.completedStage(configured(domain.configured().get(), host));
    }
    CompletionStage<Optional<HopSecurity>> byDane =
        domain.isSecureMx()
            ? dane.find(domain.domain(), host, addresses)
                .thenApply(found -> found.map(this::counted))
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

  /** Nobody who gets no report need be counted for. */
  private HopSecurity counted(HopSecurity security) {
    return results.isGathering()
        ? security
        : new HopSecurity(security.mode(), security.check(), security.names(), security.tlsa());
  }

  private HopSecurity counted(HopSecurity security, TlsPolicy under) {
    return results.isGathering() ? security.countedUnder(under) : security;
  }

  private HopSecurity withoutDane(OfDomain domain, Name host) {
    String name = DnsNames.text(host);
    Optional<MtaStsPolicy> policy =
        domain.mtaSts().filter(found -> found.mode() != MtaStsPolicy.Mode.NONE);
    boolean isNamed = policy.isPresent() && policy.get().names(name);
    if (policy.isPresent() && policy.get().mode() == MtaStsPolicy.Mode.ENFORCE && !isNamed) {
      countUnnamed(domain, policy.get(), name);
      // Temporary until the policy ends or changes (RFC 8461 5).
      throw new NoneException(
          "4.7.5",
          "the MTA-STS policy of %s does not name its MX host %s"
              .formatted(DnsNames.text(domain.domain()), name));
    }
    TlsPolicy under =
        policy
            .map(found -> found.counted(domain.domain()))
            .orElseGet(() -> TlsPolicy.none(DnsNames.text(domain.domain())));
    if (policy.isPresent() && policy.get().mode() == MtaStsPolicy.Mode.ENFORCE) {
      return counted(verified(host), under);
    }
    if (domain.demand() == TlsDemand.VERIFIED) {
      // RFC 8689 4.2.1: that the host is the domain's has to be known for sure.
      if (domain.isSecureMx() || isNamed) {
        return counted(verified(host), under);
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
      countUnnamed(domain, policy.get(), name);
      return OPPORTUNISTIC;
    }
    return results.isGathering() ? opportunistic(policy, name).countedUnder(under) : OPPORTUNISTIC;
  }

  /** Where a policy is being tested, its domain wants to hear of certificates (RFC 8461 5). */
  private static HopSecurity opportunistic(Optional<MtaStsPolicy> tested, String host) {
    return tested.isEmpty()
        ? OPPORTUNISTIC
        : new HopSecurity(Mode.OPPORTUNISTIC, Check.NAMES_NOTED, List.of(host), List.of());
  }

  private void countUnnamed(OfDomain domain, MtaStsPolicy policy, String host) {
    results.failed(
        policy.counted(domain.domain()),
        new SessionFailure(
            ResultType.VALIDATION_FAILURE, host, "the policy does not name this MX host"));
  }

  private static HopSecurity verified(Name host) {
    return new HopSecurity(Mode.REQUIRED, Check.NAMES, List.of(DnsNames.text(host)), List.of());
  }
}
