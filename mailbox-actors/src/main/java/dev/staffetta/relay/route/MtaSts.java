package dev.staffetta.relay.route;

import dev.staffetta.config.RelayTlsSettings;
import dev.staffetta.relay.tlsrpt.ResultType;
import dev.staffetta.relay.tlsrpt.SessionFailure;
import dev.staffetta.relay.tlsrpt.TlsResults;
import dev.staffetta.smtp.client.TlsPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * The MTA-STS policies of domains (RFC 8461). They are kept in memory for as long as they say they
 * hold, even where DNS or the web server is silent meanwhile: an attacker must not get rid of one
 * by that. After a restart the first contact is what it was at the very first.
 */
final class MtaSts {
  private static final Logger LOG = LoggerFactory.getLogger(MtaSts.class);

  /** RFC 8461 3.1. */
  private static final Pattern RECORD =
      Pattern.compile("v=STSv1\\s*;(?:.*;)?\\s*id\\s*=\\s*([A-Za-z0-9]{1,32})\\s*(?:;.*)?");

  /** A policy in use is fetched again so often, so that it does not end while it is needed. */
  private static final Duration RENEWED_AFTER = Duration.ofDays(1);

  private final RelayTlsSettings.MtaSts settings;
  private final Dns dns;
  private final PolicyFetcher fetcher;
  private final LongSupplier nanoTime;
  private final TlsResults results;
  private final Map<Name, Kept> kept;
  private final Map<Name, CompletableFuture<Optional<MtaStsPolicy>>> underWay =
      new ConcurrentHashMap<>();

  /**
   * What is known of a domain.
   *
   * @param policy until {@code untilNanos}; empty: none could be fetched yet
   * @param id of the policy, or of the one that could not be fetched
   * @param nextNanos not fetched again before, unless there is another id
   */
  private record Kept(Optional<MtaStsPolicy> policy, long untilNanos, String id, long nextNanos) {}

  /** Which counts nothing. */
  MtaSts(RelayTlsSettings.MtaSts settings, Dns dns, PolicyFetcher fetcher, LongSupplier nanoTime) {
    this(settings, dns, fetcher, nanoTime, TlsResults.none());
  }

  /**
   * @param results of policies that cannot be had: each attempt to fetch one counts once
   */
  MtaSts(
      RelayTlsSettings.MtaSts settings,
      Dns dns,
      PolicyFetcher fetcher,
      LongSupplier nanoTime,
      TlsResults results) {
    this.results = results;
    this.settings = settings;
    this.dns = dns;
    this.fetcher = fetcher;
    this.nanoTime = nanoTime;
    this.kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Name, Kept> eldest) {
            return size() > settings.cacheSize();
          }
        };
  }

  /** The policy of a domain; empty: none, as far as can be known. Never fails. */
  CompletionStage<Optional<MtaStsPolicy>> find(Name domain) {
    Optional<Name> owner = DnsNames.below("_mta-sts", domain);
    if (!settings.enabled() || owner.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return dns.ask(owner.get(), Type.TXT).thenCompose(answer -> find(domain, id(answer)));
  }

  private CompletionStage<Optional<MtaStsPolicy>> find(Name domain, Optional<String> id) {
    Optional<Kept> known = known(domain);
    Optional<MtaStsPolicy> policy = known.flatMap(this::valid);
    if (id.isEmpty()) {
      return CompletableFuture.completedStage(policy);
    }
    boolean isSame = known.isPresent() && known.get().id().equals(id.get());
    if (isSame && known.get().nextNanos() - nanoTime.getAsLong() > 0) {
      return CompletableFuture.completedStage(policy);
    }
    CompletionStage<Optional<MtaStsPolicy>> fetched = fetch(domain, id.get());
    return isSame && policy.isPresent() ? CompletableFuture.completedStage(policy) : fetched;
  }

  private Optional<MtaStsPolicy> valid(Kept known) {
    return known.policy().filter(policy -> known.untilNanos() - nanoTime.getAsLong() > 0);
  }

  /** The id in the one record there may be. */
  private static Optional<String> id(DnsAnswer answer) {
    if (!(answer instanceof DnsAnswer.Found found)) {
      return Optional.empty();
    }
    List<String> records =
        found.as(TXTRecord.class).stream()
            .map(MtaSts::text)
            .filter(text -> text.matches("v=STSv1\\s*;.*"))
            .toList();
    if (records.size() != 1) {
      return Optional.empty();
    }
    Matcher matcher = RECORD.matcher(records.get(0));
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static String text(TXTRecord record) {
    StringBuilder text = new StringBuilder();
    for (Object part : record.getStrings()) {
      text.append(part);
    }
    return text.toString();
  }

  private CompletionStage<Optional<MtaStsPolicy>> fetch(Name domain, String id) {
    CompletableFuture<Optional<MtaStsPolicy>> mine = new CompletableFuture<>();
    CompletableFuture<Optional<MtaStsPolicy>> others = underWay.putIfAbsent(domain, mine);
    if (others != null) {
      return others;
    }
    CompletableFuture.completedStage(domain)
        .thenCompose(fetcher::fetch)
        .whenComplete(
            (text, failure) -> {
              Optional<MtaStsPolicy> policy =
                  failure == null ? MtaStsPolicy.parse(text) : Optional.empty();
              Optional<MtaStsPolicy> result =
                  policy.isPresent()
                      ? keep(domain, id, policy.get())
                      : keepFailure(domain, id, failure == null ? "it is not one" : why(failure));
              if (policy.isEmpty()) {
                count(domain, Optional.ofNullable(failure));
              }
              underWay.remove(domain, mine);
              mine.complete(result);
            });
    return mine;
  }

  /** RFC 8460 4.3.2.2. */
  private void count(Name domain, Optional<Throwable> failure) {
    ResultType type = failure.map(MtaSts::type).orElse(ResultType.STS_POLICY_INVALID);
    results.failed(
        new TlsPolicy(DnsNames.text(domain), TlsPolicy.Type.STS, List.of(), List.of()),
        new SessionFailure(type, "", failure.map(MtaSts::why).orElse("")));
  }

  private static ResultType type(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return ResultType.STS_WEBPKI_INVALID;
      }
    }
    return ResultType.STS_POLICY_FETCH_ERROR;
  }

  private Optional<MtaStsPolicy> keep(Name domain, String id, MtaStsPolicy policy) {
    long now = nanoTime.getAsLong();
    long renewed = Math.min(RENEWED_AFTER.toNanos(), policy.maxAge().toNanos() / 2);
    put(domain, new Kept(Optional.of(policy), now + policy.maxAge().toNanos(), id, now + renewed));
    return Optional.of(policy);
  }

  private Optional<MtaStsPolicy> keepFailure(Name domain, String id, String why) {
    long now = nanoTime.getAsLong();
    Optional<Kept> before = known(domain);
    Optional<MtaStsPolicy> policy = before.flatMap(this::valid);
    LOG.warn(
        "the MTA-STS policy of {} cannot be fetched: {}; {}",
        DnsNames.text(domain),
        why,
        policy.isPresent() ? "the one before holds" : "mail goes without one");
    put(
        domain,
        new Kept(
            policy,
            before.map(Kept::untilNanos).orElse(now),
            id,
            now + settings.retryAfter().toNanos()));
    return policy;
  }

  private Optional<Kept> known(Name domain) {
    synchronized (kept) {
      return Optional.ofNullable(kept.get(domain));
    }
  }

  private void put(Name domain, Kept what) {
    synchronized (kept) {
      kept.put(domain, what);
    }
  }

  private static String why(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName() + " " + cause.getMessage();
  }
}
