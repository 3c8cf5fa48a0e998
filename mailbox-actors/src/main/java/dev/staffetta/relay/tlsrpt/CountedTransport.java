package dev.staffetta.relay.tlsrpt;

import dev.staffetta.smtp.client.Hop;
import dev.staffetta.smtp.client.HopFailedException;
import dev.staffetta.smtp.client.MailTransport;
import dev.staffetta.smtp.client.TlsPolicy;
import dev.staffetta.smtp.client.TlsProblem;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Opens connections as another transport does, and counts how their TLS went. */
public final class CountedTransport implements MailTransport {
  private final MailTransport transport;
  private final TlsResults results;

  public CountedTransport(MailTransport transport, TlsResults results) {
    this.transport = transport;
    this.results = results;
  }

  @Override
  public CompletionStage<Channel> open(Hop hop) {
    CompletionStage<Channel> opened = transport.open(hop);
    return hop.security()
        .policy()
        .map(
            policy ->
                opened.whenComplete((channel, failure) -> count(policy, hop, channel, failure)))
        .orElse(opened);
  }

  /** What failed before TLS says nothing of it. */
  private void count(TlsPolicy policy, Hop hop, Channel channel, Throwable failure) {
    if (failure == null) {
      count(policy, hop, channel.problem(), "");
    } else if (cause(failure) instanceof HopFailedException failed
        && failed.problem().isPresent()) {
      count(policy, hop, failed.problem(), failed.reply().text());
    }
  }

  private void count(TlsPolicy policy, Hop hop, Optional<TlsProblem> problem, String reason) {
    if (problem.isEmpty()) {
      results.succeeded(policy);
    } else {
      results.failed(
          policy,
          new SessionFailure(
              ResultType.of(problem.get()),
              hop.host(),
              hop.address().getAddress().getHostAddress(),
              hop.source().map(InetAddress::getHostAddress).orElse(""),
              reason));
    }
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
