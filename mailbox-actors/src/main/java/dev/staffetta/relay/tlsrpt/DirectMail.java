package dev.staffetta.relay.tlsrpt;

import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.smtp.client.Hop;
import dev.staffetta.smtp.client.HopFailedException;
import dev.staffetta.smtp.client.HopSecurity;
import dev.staffetta.smtp.client.MailTransport;
import dev.staffetta.smtp.client.MailTransport.Channel;
import dev.staffetta.smtp.client.OutgoingMail;
import dev.staffetta.smtp.client.RecipientOutcome;
import dev.staffetta.smtp.client.RecipientOutcome.Result;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Sends a report straight to the servers of a domain, in plain text if need be: it may be their TLS
 * that is broken, and what the domain asks of mail must not stand in its way (RFC 8460 3). Not by
 * the queue: who reports tries again himself, and no longer than a day.
 */
final class DirectMail {
  private final ReportWays ways;
  private final MailTransport transport;

  DirectMail(ReportWays ways, MailTransport transport) {
    this.ways = ways;
    this.transport = transport;
  }

  /** Fails unless the server has taken it. */
  CompletionStage<Void> send(MailAddress from, MailAddress to, ReportMail mail) {
    return ways.hops(to.domain())
        .thenCompose(this::open)
        .thenCompose(
            channel ->
                channel
                    .send(outgoing(from, to, mail))
                    .whenComplete((outcomes, failure) -> channel.close()))
        .thenAccept(DirectMail::requireTaken);
  }

  private CompletionStage<Channel> open(List<Hop> hops) {
    Hop hop = hops.get(0);
    List<Hop> others = hops.subList(1, hops.size());
    return transport
        .open(hop)
        .exceptionallyCompose(
            failure -> {
              if (isTlsInTheWay(hop, failure)) {
                return transport.open(inPlainText(hop));
              }
              return CompletableFuture.failedStage(failure);
            })
        .exceptionallyCompose(
            failure -> others.isEmpty() ? CompletableFuture.failedStage(failure) : open(others));
  }

  private static boolean isTlsInTheWay(Hop hop, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof HopFailedException failed
        && failed.stage() == HopFailedException.Stage.TLS
        && hop.security().mode() == HopSecurity.Mode.OPPORTUNISTIC;
  }

  private static Hop inPlainText(Hop hop) {
    return new Hop(
        hop.host(), hop.address(), hop.dialect(), HopSecurity.PLAIN, hop.source(), hop.login());
  }

  private static OutgoingMail outgoing(MailAddress from, MailAddress to, ReportMail mail) {
    return new OutgoingMail(
        Optional.of(from),
        List.of(to),
        EnvelopeOptions.NONE,
        mail.size(),
        mail.summary(),
        mail.bytes());
  }

  private static void requireTaken(List<RecipientOutcome> outcomes) {
    for (RecipientOutcome outcome : outcomes) {
      if (outcome.result() != Result.DELIVERED) {
        throw new IllegalStateException("it was answered " + outcome.reply());
      }
    }
  }
}
