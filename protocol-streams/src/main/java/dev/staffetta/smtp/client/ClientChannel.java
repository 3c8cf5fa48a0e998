package dev.staffetta.smtp.client;

import dev.staffetta.wire.RunningSession;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A connection as its owner sees it. All methods may be called from any thread; those for the
 * session's side are called on the connection's stage.
 */
final class ClientChannel implements MailTransport.Channel {
  /** A message that has no outcomes yet. */
  private record Sending(OutgoingMail mail, CompletableFuture<List<RecipientOutcome>> outcomes) {}

  private final CompletableFuture<MailTransport.Channel> opened = new CompletableFuture<>();
  private final CompletableFuture<Consumer<ClientInput>> listener = new CompletableFuture<>();
  private final CompletableFuture<RunningSession> running = new CompletableFuture<>();
  private final AtomicReference<Optional<Sending>> sending =
      new AtomicReference<>(Optional.empty());
  private volatile boolean isUsable;
  private volatile boolean isGone;
  private volatile Optional<String> tls = Optional.empty();
  private volatile Optional<TlsProblem> problem = Optional.empty();

  /** There is a connection. */
  void connected(RunningSession session) {
    running.complete(session);
    session.ended().thenAccept(done -> gone());
  }

  /** There is none. */
  void notConnected(HopFailedException failure) {
    running.completeExceptionally(failure);
    opened.completeExceptionally(failure);
  }

  private void gone() {
    isGone = true;
    isUsable = false;
    // What came so late that the session never saw it.
    finish(Optional.empty());
    failed(
        new HopFailedException(
            HopFailedException.Stage.CONNECT,
            new RemoteReply(0, "4.4.2", "the connection was lost")));
  }

  /** Where the owner's wishes go. */
  void listen(Consumer<ClientInput> events) {
    listener.complete(events);
  }

  void opened(Optional<String> protocol, Optional<TlsProblem> found) {
    tls = protocol;
    problem = found;
    isUsable = true;
    opened.complete(this);
  }

  /** It did not become ready: because of this, unless there was no connection to begin with. */
  void failed(HopFailedException failure) {
    whenRunning().thenAccept(connected -> opened.completeExceptionally(failure));
  }

  void finished(List<RecipientOutcome> outcomes, boolean usable) {
    isUsable = usable && isUsable;
    finish(Optional.of(outcomes));
  }

  void unusable() {
    isUsable = false;
  }

  private CompletionStage<RunningSession> whenRunning() {
    return running;
  }

  private CompletionStage<Consumer<ClientInput>> whenListening() {
    return listener;
  }

  private void finish(Optional<List<RecipientOutcome>> outcomes) {
    sending
        .getAndSet(Optional.empty())
        .ifPresent(
            sent ->
                sent.outcomes()
                    .complete(
                        outcomes.orElseGet(
                            () -> Outcomes.all(sent.mail(), "the connection was lost"))));
  }

  CompletionStage<MailTransport.Channel> opened() {
    return opened;
  }

  @Override
  public CompletionStage<List<RecipientOutcome>> send(OutgoingMail mail) {
    Sending next = new Sending(mail, new CompletableFuture<>());
    if (!sending.compareAndSet(Optional.empty(), Optional.of(next))) {
      throw new IllegalStateException("one message at a time, and another is under way");
    }
    whenListening().thenAccept(events -> events.accept(new ClientInput.Send(mail)));
    if (isGone) {
      finish(Optional.empty());
    }
    return next.outcomes();
  }

  @Override
  public boolean isUsable() {
    return isUsable;
  }

  @Override
  public Optional<String> tls() {
    return tls;
  }

  @Override
  public Optional<TlsProblem> problem() {
    return problem;
  }

  @Override
  public void close() {
    isUsable = false;
    if (sending.get().isPresent() || !opened.isDone()) {
      // QUIT would have to wait for the message, and that must not arrive now.
      whenRunning().thenAccept(RunningSession::abort);
    } else {
      whenListening().thenAccept(events -> events.accept(new ClientInput.Quit()));
    }
  }
}
