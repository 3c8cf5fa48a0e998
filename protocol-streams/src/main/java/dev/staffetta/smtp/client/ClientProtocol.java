package dev.staffetta.smtp.client;

import dev.staffetta.smtp.client.ClientInput.Heard;
import dev.staffetta.wire.Framer;
import dev.staffetta.wire.Outgoing;
import dev.staffetta.wire.Protocol;
import dev.staffetta.wire.SessionMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SMTP or LMTP on one connection, from the side that sends. Its fields are changed on the
 * connection's stage only.
 */
final class ClientProtocol
    implements Protocol<ClientState, Heard, ClientInput, ClientOutput, ClientEffect> {
  private static final Logger LOG = LoggerFactory.getLogger(ClientProtocol.class);

  /** How a message that is being sent stands. */
  private enum Body {
    NONE,
    BEGUN,
    SENT
  }

  private final ClientRules rules;
  private final ClientSession session;
  private final HopTls tls;
  private final ClientChannel channel;
  private final Materializer materializer;
  private Optional<String> tlsFailure = Optional.empty();
  private Optional<String> bodyFailure = Optional.empty();
  private Body body = Body.NONE;

  ClientProtocol(ClientRules rules, HopTls tls, ClientChannel channel, Materializer materializer) {
    this.rules = rules;
    this.session = new ClientSession(rules);
    this.tls = tls;
    this.channel = channel;
    this.materializer = materializer;
  }

  /** TLS failed; the connection ends. */
  void tlsFailed(String why) {
    tlsFailure = Optional.of(tls.failure(why));
  }

  @Override
  public SessionMachine<ClientState, ClientInput, ClientOutput, ClientEffect> machine() {
    return session;
  }

  @Override
  public Framer<Heard> framer() {
    return new ReplyFramer(
        rules.settings().maxReplyLineInOctets(), rules.settings().maxReplyLines());
  }

  @Override
  public ClientInput frame(Heard frame) {
    return body == Body.BEGUN ? new ClientInput.Interrupted(frame) : frame;
  }

  @Override
  public Optional<ClientInput> endOfInput() {
    return Optional.of(end("the server closed the connection"));
  }

  private ClientInput end(String why) {
    if (tlsFailure.isPresent()) {
      return new ClientInput.TlsFailed(tlsFailure.get());
    }
    return new ClientInput.Lost(why, body == Body.BEGUN);
  }

  @Override
  public ClientInput timedOut() {
    return new ClientInput.TimedOut();
  }

  @Override
  public ClientInput shutdown() {
    return new ClientInput.Quit();
  }

  @Override
  public Duration timeout(ClientState state) {
    return state.timeout(rules.settings());
  }

  @Override
  public boolean asks() {
    return true;
  }

  /** Always: listening to the owner is an effect that has no end. */
  @Override
  public boolean readsDuringEffects(ClientState state) {
    return true;
  }

  @Override
  public Outgoing render(ClientOutput output) {
    if (output instanceof ClientOutput.Say say) {
      return new Outgoing.Bytes(ByteString.fromString(say.text()));
    } else if (output instanceof ClientOutput.Dotted dotted) {
      return streamed(BodyBytes.dotted(read(dotted.mail()), this::bodySent));
    } else if (output instanceof ClientOutput.Counted counted) {
      return streamed(
          BodyBytes.counted(read(counted.mail()), counted.mail().size(), this::bodySent));
    } else if (output instanceof ClientOutput.StartTls) {
      return new Outgoing.StartTls();
    }
    return new Outgoing.Close();
  }

  /** A store that does not answer is no better than one that fails. */
  private Source<ByteString, NotUsed> read(OutgoingMail mail) {
    return mail.bytes().idleTimeout(rules.settings().dataBlock());
  }

  private Outgoing streamed(Source<ByteString, NotUsed> bytes) {
    body = Body.BEGUN;
    // Run within the connection's own stage, so these are on its thread.
    return new Outgoing.Streamed(
        bytes.mapError(new PFBuilder<Throwable, Throwable>().matchAny(this::bodyFailed).build()));
  }

  private Throwable bodyFailed(Throwable failure) {
    bodyFailure = Optional.of(String.valueOf(failure.getMessage()));
    return failure;
  }

  /** The last of it is on its way: from here on the server may have taken the message. */
  private void bodySent() {
    body = Body.SENT;
  }

  @Override
  public CompletionStage<ClientInput> run(ClientEffect effect, Consumer<ClientInput> events) {
    if (effect instanceof ClientEffect.Listen) {
      channel.listen(events);
      return new CompletableFuture<>();
    } else if (effect instanceof ClientEffect.Scan scan) {
      return scanned(scan)
          .handle(
              (scanned, failure) ->
                  failure == null
                      ? scanned
                      : new ClientInput.Unreadable(String.valueOf(failure.getMessage())));
    }
    tell(effect);
    return CompletableFuture.completedFuture(new ClientInput.Noted());
  }

  private CompletionStage<ClientInput.Scanned> scanned(ClientEffect.Scan scan) {
    return ContentScan.of(read(scan.mail()), materializer)
        .thenCompose(
            content ->
                scan.toSevenBits() && content.isHeaderAscii() && !content.isBodyAscii()
                    ? SevenBitMail.of(scan.mail(), read(scan.mail()), materializer)
                    : CompletableFuture.completedStage(
                        new ClientInput.Scanned(scan.mail(), content)));
  }

  private void tell(ClientEffect effect) {
    if (effect instanceof ClientEffect.Opened) {
      Optional<String> established = tls.established();
      channel.opened(
          established,
          established.isEmpty() ? Optional.of(TlsProblem.STARTTLS_NOT_SUPPORTED) : tls.problem());
    } else if (effect instanceof ClientEffect.OpenFailed failed) {
      channel.failed(withProblem(failed.failure()));
    } else if (effect instanceof ClientEffect.Finished finished) {
      body = Body.NONE;
      channel.finished(finished.outcomes(), finished.isUsable());
    } else if (effect instanceof ClientEffect.Unusable) {
      channel.unusable();
    }
  }

  private HopFailedException withProblem(HopFailedException failure) {
    if (failure.stage() != HopFailedException.Stage.TLS) {
      return failure;
    }
    // Without a handshake that failed it was not offered, or refused.
    return failure.with(
        tls.problem()
            .orElse(
                tlsFailure.isPresent()
                    ? TlsProblem.VALIDATION_FAILURE
                    : TlsProblem.STARTTLS_NOT_SUPPORTED));
  }

  /** What was under way gets its outcome, if it has none. */
  @Override
  public void closed(ClientState state) {
    ClientInput input =
        bodyFailure
            .<ClientInput>map(ClientInput.Unreadable::new)
            .orElseGet(() -> end("the connection was lost"));
    LOG.debug("connection to {} ended", rules.hop().host());
    session.on(state, input, Instant.now()).effects().forEach(this::tell);
  }
}
