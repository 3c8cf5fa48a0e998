package dev.staffetta.delivery;

import dev.staffetta.mime.MessageParser;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.EnvelopeOptions.Notify;
import dev.staffetta.ports.EnvelopeOptions.Returned;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.relay.Report;
import dev.staffetta.relay.Report.ReportedRecipient;
import dev.staffetta.relay.Reports;
import dev.staffetta.report.DeliveryReport;
import dev.staffetta.report.DeliveryReport.Action;
import dev.staffetta.report.DeliveryReport.RecipientReport;
import dev.staffetta.report.DeliveryReport.ReturnedContent;
import dev.staffetta.report.ReportComposer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Reports} that go the way of all mail, from the null sender (RFC 3461 6).
 *
 * <p>Nothing is reported on a message from the null sender, which may be a report itself: such a
 * failure is logged, and told to the postmaster if there is one in the settings.
 */
public final class DeliveryReports implements Reports {
  private static final Logger log = LoggerFactory.getLogger(DeliveryReports.class);

  private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

  private final Deliveries deliveries;
  private final Settings settings;
  private final Materializer materializer;
  private final Clock clock;

  DeliveryReports(
      Deliveries deliveries, Settings settings, Materializer materializer, Clock clock) {
    this.deliveries = deliveries;
    this.settings = settings;
    this.materializer = materializer;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Void> send(Report report) {
    return send(report, Set.of());
  }

  /**
   * @param expanded recipients of it that are aliases with many behind them (RFC 3461 5.2.7.3)
   */
  CompletionStage<Void> send(Report report, Set<MailAddress> expanded) {
    EnvelopeOptions options = report.mail().options();
    Notify kind = Notify.valueOf(report.kind().name());
    List<ReportedRecipient> wanted =
        report.recipients().stream()
            .filter(recipient -> options.of(recipient.recipient()).wants(kind))
            .toList();
    if (wanted.isEmpty()) {
      return DONE;
    }
    Optional<MailAddress> sender = report.mail().reversePath();
    if (sender.isEmpty()) {
      return undeliverable(report, wanted);
    }
    return deliveries
        .find(sender.get())
        .thenCompose(
            who ->
                who == Deliveries.Recipient.UNKNOWN
                    ? undeliverable(report, wanted)
                    : send(report, wanted, expanded, sender.get()));
  }

  /** A double bounce, or the like. */
  private CompletionStage<Void> undeliverable(Report report, List<ReportedRecipient> recipients) {
    if (report.kind() != Report.Kind.FAILURE) {
      return DONE;
    }
    log.warn(
        "{} from <{}> could not be delivered to {} and its sender cannot be told: {}",
        report.content(),
        report.mail().reversePath().map(MailAddress::toString).orElse(""),
        recipients.stream().map(r -> r.recipient().toString()).toList(),
        recipients.get(0).reply());
    Optional<MailAddress> postmaster = settings.postmaster();
    boolean isForPostmaster =
        postmaster.isPresent()
            && recipients.stream().anyMatch(r -> r.recipient().equals(postmaster.get()));
    if (postmaster.isEmpty() || isForPostmaster) {
      return DONE;
    }
    return deliveries
        .find(postmaster.get())
        .thenCompose(
            who ->
                who == Deliveries.Recipient.UNKNOWN
                    ? DONE
                    : send(report, recipients, Set.of(), postmaster.get()));
  }

  private CompletionStage<Void> send(
      Report report,
      List<ReportedRecipient> recipients,
      Set<MailAddress> expanded,
      MailAddress to) {
    ContentId content = content(report, recipients);
    return returned(report)
        .thenCompose(
            returned -> {
              ByteString text =
                  ReportComposer.compose(
                      report(report, recipients, expanded, to, content, returned));
              MessageParser parser = new MessageParser();
              parser.offer(text);
              SpooledMessage message = new MemoryMessage(content, parser.finish(), text, () -> {});
              EnvelopeOptions options =
                  new EnvelopeOptions(
                      isEightBit(text),
                      report.mail().options().isUtf8(),
                      report.mail().options().requiresTls(),
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty(),
                      Map.of());
              return deliveries.deliver(
                  new Envelope(Optional.empty(), List.of(to), options), message);
            })
        .thenAccept(
            sent ->
                log.info(
                    "{}: report of {} on {} to {}", content, report.kind(), report.content(), to));
  }

  /** The same for the same report, so that a repeat is known. */
  private static ContentId content(Report report, List<ReportedRecipient> recipients) {
    String about =
        recipients.stream()
            .map(recipient -> recipient.recipient().toString())
            .sorted()
            .collect(Collectors.joining("\n"));
    return report
        .content()
        .derived("report", report.kind().name(), report.mail().destination(), about);
  }

  /** All of it if the sender wants that (a failure, RFC 3461 4.3) and it is not too large. */
  private CompletionStage<ReturnedContent> returned(Report report) {
    if (report.summary().isEmpty()) {
      return CompletableFuture.completedStage(ReturnedContent.LOST);
    }
    MessageSummary summary = report.summary().get();
    Optional<Returned> wanted = report.mail().options().returned();
    boolean isWhole =
        report.kind() == Report.Kind.FAILURE
            && wanted.filter(Returned.HDRS::equals).isEmpty()
            && summary.size() <= settings.maxReturnedBytes();
    long bytes =
        isWhole ? summary.size() : Math.min(summary.headerSize(), settings.maxReturnedBytes());
    if (bytes == 0) {
      return CompletableFuture.completedStage(
          new ReturnedContent(isWhole, ByteString.emptyByteString()));
    }
    return report
        .bytes()
        .scan(ByteString.emptyByteString(), ByteString::concat)
        .takeWhile(sofar -> sofar.size() < bytes, true)
        .runWith(Sink.last(), materializer)
        .thenApply(all -> new ReturnedContent(isWhole, all.take((int) bytes).compact()))
        .exceptionallyCompose(
            failure ->
                Refusal.of(failure).code() == Refusal.Code.NONEXISTENT
                    ? CompletableFuture.completedStage(ReturnedContent.LOST)
                    : CompletableFuture.failedStage(failure));
  }

  private DeliveryReport report(
      Report report,
      List<ReportedRecipient> recipients,
      Set<MailAddress> expanded,
      MailAddress to,
      ContentId content,
      ReturnedContent returned) {
    EnvelopeOptions options = report.mail().options();
    return new DeliveryReport(
        settings.hostName(),
        to,
        content.toString(),
        clock.instant(),
        options.envelopeId(),
        Optional.of(report.arrival()),
        report.summary().flatMap(summary -> summary.envelope().messageId()),
        options.isUtf8(),
        recipients.stream()
            .map(
                recipient -> recipient(report, recipient, expanded.contains(recipient.recipient())))
            .toList(),
        returned);
  }

  private static RecipientReport recipient(
      Report report, ReportedRecipient recipient, boolean isExpanded) {
    boolean isSuccess = report.kind() == Report.Kind.SUCCESS;
    return new RecipientReport(
        recipient.recipient(),
        report.mail().options().of(recipient.recipient()).originalRecipient(),
        switch (report.kind()) {
          case FAILURE -> Action.FAILED;
          case DELAY -> Action.DELAYED;
          case SUCCESS -> isExpanded ? Action.EXPANDED : success(recipient);
        },
        status(report.kind(), recipient.reply().status()),
        recipient.remoteHost(),
        isSuccess && recipient.remoteHost().isEmpty()
            ? Optional.empty()
            : Optional.of(recipient.reply().toString()),
        Optional.of(recipient.lastAttempt()),
        report.willRetryUntil());
  }

  private static Action success(ReportedRecipient recipient) {
    return recipient.isRelayed() ? Action.RELAYED : Action.DELIVERED;
  }

  /** Its class is that of the action (RFC 3464 2.3.4): what was temporary is no more, given up. */
  private static String status(Report.Kind kind, String status) {
    String rest = status.matches("[245]\\.\\d{1,3}\\.\\d{1,3}") ? status.substring(1) : ".0.0";
    return switch (kind) {
      case FAILURE -> "5" + rest;
      case DELAY -> "4" + rest;
      case SUCCESS -> "2" + rest;
    };
  }

  private static boolean isEightBit(ByteString text) {
    for (byte b : text.toArrayUnsafe()) {
      if (b < 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * What reports are written by.
   *
   * @param hostName of this node
   * @param postmaster hears of failures that no sender can be told of
   * @param maxReturnedBytes of a message that comes back with its report; of a larger one, the
   *     header
   */
  public record Settings(String hostName, Optional<MailAddress> postmaster, int maxReturnedBytes) {}
}
