package dev.staffetta.relay.tlsrpt;

import dev.staffetta.config.RelayTlsSettings;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Signatures;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reports of days that are over, to those who want them (RFC 8460 3, 5). A domain's results are
 * forgotten when it has its report, wants none, or could not be told for a day.
 */
final class DailyReports {
  private static final ByteString NONE = ByteString.emptyByteString();
  private static final Logger LOG = LoggerFactory.getLogger(DailyReports.class);

  /** RFC 8460 5.4: then it is given up. */
  private static final Duration TRIED_FOR = Duration.ofDays(1);

  private final RelayTlsSettings.Report settings;
  private final TlsResults results;
  private final ReportWays ways;
  private final Deliveries deliveries;
  private final Signatures signatures;
  private final DirectMail direct;
  private final Clock clock;
  private final Duration delay;

  /**
   * @param delay after midnight, so that not all servers report at once (RFC 8460 4.1)
   */
  DailyReports(
      RelayTlsSettings.Report settings,
      TlsResults results,
      ReportWays ways,
      Deliveries deliveries,
      Signatures signatures,
      DirectMail direct,
      Clock clock,
      Duration delay) {
    this.settings = settings;
    this.results = results;
    this.ways = ways;
    this.deliveries = deliveries;
    this.signatures = signatures;
    this.direct = direct;
    this.clock = clock;
    this.delay = delay;
  }

  /** Sends all that is due, one domain after the other. Never fails. */
  CompletionStage<Void> sendDue() {
    Instant now = clock.instant();
    List<TlsReport> due = new ArrayList<>();
    results
        .all()
        .forEach(
            (day, ofDay) -> {
              if (!now.isBefore(end(day).plus(delay))) {
                due.addAll(reports(day, ofDay));
              }
            });
    CompletionStage<Void> sent = CompletableFuture.completedStage(null);
    for (TlsReport report : due) {
      sent = sent.thenCompose(before -> send(report, now));
    }
    return sent;
  }

  private static Instant end(LocalDate day) {
    return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private List<TlsReport> reports(LocalDate day, List<PolicyResults> ofDay) {
    Map<String, List<PolicyResults>> byDomain = new LinkedHashMap<>();
    ofDay.forEach(
        result ->
            byDomain
                .computeIfAbsent(result.policy().domain(), domain -> new ArrayList<>())
                .add(result));
    return byDomain.entrySet().stream()
        .map(
            entry ->
                new TlsReport(
                    settings.organization(),
                    settings.contact(),
                    settings.submitter(),
                    results.reporter(),
                    entry.getKey(),
                    day,
                    entry.getValue()))
        .toList();
  }

  private CompletionStage<Void> send(TlsReport report, Instant now) {
    return CompletableFuture.completedStage("_smtp._tls." + report.domain())
        .thenCompose(ways::texts)
        .thenCompose(records -> sendAll(report, ReportAddresses.of(records), now))
        .handle(
            (sent, failure) -> {
              boolean isTooLate = !now.isBefore(end(report.day()).plus(delay).plus(TRIED_FOR));
              if (failure != null) {
                LOG.warn(
                    "the TLS report {} could not be sent, {}: {}",
                    report.id(),
                    isTooLate ? "and is given up" : "and is tried again",
                    failure.toString());
              }
              if (failure == null || isTooLate) {
                results.forget(report.day(), report.domain());
              }
              return null;
            });
  }

  /** To all; done when one has it (RFC 8460 3), since the others would get it twice else. */
  private CompletionStage<Void> sendAll(TlsReport report, List<URI> addresses, Instant now) {
    if (addresses.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    List<CompletableFuture<Optional<Throwable>>> sent = new ArrayList<>();
    for (URI address : addresses) {
      sent.add(
          CompletableFuture.completedStage(address)
              .thenCompose(to -> send(report, to, now))
              .handle(
                  (done, failure) -> {
                    LOG.info(
                        "TLS report {} to {}: {}",
                        report.id(),
                        address,
                        failure == null ? "sent" : failure.toString());
                    return Optional.ofNullable(failure);
                  })
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new))
        .thenCompose(
            all ->
                sent.stream().allMatch(one -> one.join().isPresent())
                    ? CompletableFuture.failedStage(sent.get(0).join().orElseThrow())
                    : CompletableFuture.completedStage(null));
  }

  private CompletionStage<Void> send(TlsReport report, URI address, Instant now) {
    return address.getScheme().equalsIgnoreCase("https")
        ? ways.post(address, report.compressed()).thenAccept(DailyReports::requireTaken)
        : mail(report, address.getSchemeSpecificPart(), now);
  }

  private static void requireTaken(int status) {
    if (status < 200 || status > 299) {
      throw new IllegalStateException("it was answered " + status);
    }
  }

  private CompletionStage<Void> mail(TlsReport report, String to, Instant now) {
    MailAddress from = address(settings.from());
    MailAddress recipient = address(to);
    ByteString text = ReportMail.text(report, settings.from(), to, now);
    return signatures
        .sign(from.domain(), Source.single(text))
        .thenCompose(
            signature -> {
              if (signature.isEmpty()) {
                LOG.warn(
                    "the TLS report {} is not signed, and is going to be ignored (RFC 8460 3):"
                        + " {} has no DKIM key here",
                    report.id(),
                    from.domain());
              }
              return place(from, recipient, ReportMail.of(signature.orElse(NONE).concat(text)));
            });
  }

  private CompletionStage<Void> place(MailAddress from, MailAddress to, ReportMail mail) {
    return deliveries
        .find(to)
        .thenCompose(
            where ->
                switch (where) {
                  case LOCAL ->
                      deliveries.deliver(new Envelope(Optional.of(from), List.of(to)), mail);
                  case REMOTE -> direct.send(from, to, mail);
                  case UNKNOWN ->
                      CompletableFuture.failedStage(
                          new IllegalStateException("there is no " + to + " here"));
                });
  }

  private static MailAddress address(String text) {
    int at = text.lastIndexOf('@');
    return new MailAddress(text.substring(0, at), text.substring(at + 1).toLowerCase(Locale.ROOT));
  }
}
