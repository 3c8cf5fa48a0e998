package dev.staffetta.imap;

import dev.staffetta.config.ImapSettings;
import dev.staffetta.imap.fetch.FetchRenderer;
import dev.staffetta.imap.framing.ImapFrame;
import dev.staffetta.imap.framing.ImapFramer;
import dev.staffetta.imap.reply.Reply;
import dev.staffetta.imap.search.MessageSearch;
import dev.staffetta.imap.session.Effect;
import dev.staffetta.imap.session.ImapSession;
import dev.staffetta.imap.session.ImapState;
import dev.staffetta.imap.session.Input;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.Refusal;
import dev.staffetta.wire.Framer;
import dev.staffetta.wire.Outgoing;
import dev.staffetta.wire.Protocol;
import dev.staffetta.wire.SessionMachine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.stream.Materializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** IMAP for one connection: binds {@link ImapSession} to frames, bytes and ports. */
public final class ImapProtocol implements Protocol<ImapState, ImapFrame, Input, Reply, Effect<?>> {
  private static final Logger LOG = LoggerFactory.getLogger(ImapProtocol.class);

  private final ImapSettings settings;
  private final ImapSession session;
  private final ImapSurroundings surroundings;
  private final ReplyRenderer renderer;

  /**
   * @param materializer runs searches
   */
  public ImapProtocol(ImapSettings settings, ImapPorts ports, Materializer materializer) {
    this.settings = settings;
    session = new ImapSession(settings);
    TakenReplies taken = new TakenReplies();
    renderer = new ReplyRenderer(new FetchRenderer(ports.contents()), taken);
    surroundings =
        new ImapSurroundings(
            settings, ports, new MessageSearch(ports.contents(), materializer), taken);
  }

  @Override
  public SessionMachine<ImapState, Input, Reply, Effect<?>> machine() {
    return session;
  }

  @Override
  public Framer<ImapFrame> framer() {
    return new ImapFramer(settings.maxCommandBeforeLoginInBytes());
  }

  @Override
  public Input frame(ImapFrame frame) {
    return new Input.Received(frame);
  }

  @Override
  public Optional<Input> endOfInput() {
    return Optional.empty();
  }

  @Override
  public Input timedOut() {
    return new Input.TimedOut();
  }

  @Override
  public Input shutdown() {
    return new Input.Shutdown();
  }

  @Override
  public Duration timeout(ImapState state) {
    if (!state.isAuthenticated()) {
      return settings.loginTimeout();
    }
    return state.isIdling() ? settings.idleTimeout() : settings.autologout();
  }

  /** IDLE needs none of it: a subscription is no effect under way. */
  @Override
  public boolean readsDuringEffects(ImapState state) {
    return false;
  }

  @Override
  public Outgoing render(Reply reply) {
    return renderer.render(reply);
  }

  @Override
  public CompletionStage<Input> run(Effect<?> effect, Consumer<Input> events) {
    surroundings.events(events);
    try {
      return effect
          .run(surroundings)
          .handle(
              (value, failure) ->
                  failure == null ? new Input.Answered(effect, value) : failed(effect, failure));
    } catch (RuntimeException failure) {
      return CompletableFuture.completedFuture(failed(effect, failure));
    }
  }

  private static Input failed(Effect<?> effect, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (!(cause instanceof Refusal)) {
      LOG.warn("{} failed: {}", effect, String.valueOf(cause));
      LOG.debug("{} failed", effect, cause);
    }
    return new Input.Failed(effect, Refusal.of(failure));
  }

  @Override
  public Optional<Input> coalesce(Input earlier, Input later) {
    return earlier instanceof Input.Stands before && replaces(later, before.subscription())
        ? Optional.of(later)
        : Optional.empty();
  }

  /** Whether an input makes an older view of the same subscription needless. */
  private static boolean replaces(Input later, long subscription) {
    if (later instanceof Input.Stands stands) {
      return stands.subscription() == subscription;
    }
    return later instanceof Input.Gone gone && gone.subscription() == subscription;
  }

  @Override
  public void closed(ImapState state) {
    state.openMailbox().ifPresent(OpenMailbox::close);
    surroundings.close();
  }
}
