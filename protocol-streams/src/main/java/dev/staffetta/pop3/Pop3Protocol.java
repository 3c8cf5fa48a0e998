package dev.staffetta.pop3;

import dev.staffetta.config.Pop3Settings;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Accounts;
import dev.staffetta.ports.Contents;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Refusal;
import dev.staffetta.wire.Framer;
import dev.staffetta.wire.Outgoing;
import dev.staffetta.wire.Protocol;
import dev.staffetta.wire.SessionMachine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One POP3 connection: its session bound to the ports. */
public final class Pop3Protocol
    implements Protocol<Pop3State, Pop3Frame, Pop3Input, Pop3Reply, Pop3Effect> {
  private final Pop3Settings settings;
  private final Accounts accounts;
  private final Mailboxes mailboxes;
  private final Pop3Session machine;
  private final Pop3Rendering rendering;
  private final HeldLock lock = new HeldLock();

  /** Binds a new connection. */
  public Pop3Protocol(
      Pop3Settings settings, Accounts accounts, Mailboxes mailboxes, Contents contents) {
    this.settings = settings;
    this.accounts = accounts;
    this.mailboxes = mailboxes;
    this.machine = new Pop3Session(settings);
    this.rendering = new Pop3Rendering(contents);
  }

  @Override
  public SessionMachine<Pop3State, Pop3Input, Pop3Reply, Pop3Effect> machine() {
    return machine;
  }

  @Override
  public Framer<Pop3Frame> framer() {
    return new Pop3Framer(settings.maxLineLength());
  }

  @Override
  public Pop3Input frame(Pop3Frame frame) {
    return frame;
  }

  /** RFC 1939 6: a session that ends without QUIT removes nothing. */
  @Override
  public Optional<Pop3Input> endOfInput() {
    return Optional.empty();
  }

  @Override
  public Pop3Input timedOut() {
    return new Pop3Input.TimedOut();
  }

  @Override
  public Pop3Input shutdown() {
    return new Pop3Input.Shutdown();
  }

  @Override
  public Duration timeout(Pop3State state) {
    return state instanceof Pop3State.Authorization || state instanceof Pop3State.LoggingIn
        ? settings.loginTimeout()
        : settings.idleTimeout();
  }

  @Override
  public boolean readsDuringEffects(Pop3State state) {
    return false;
  }

  @Override
  public Outgoing render(Pop3Reply reply) {
    return reply.accept(rendering);
  }

  @Override
  public CompletionStage<Pop3Input> run(Pop3Effect effect, Consumer<Pop3Input> events) {
    return effect.accept(
        new Pop3Effect.Visitor<>() {
          @Override
          public CompletionStage<Pop3Input> logIn(Pop3Effect.LogIn logIn) {
            return Pop3Protocol.this.logIn(logIn);
          }

          @Override
          public CompletionStage<Pop3Input> update(Pop3Effect.Update update) {
            return Pop3Protocol.this.update(update);
          }
        });
  }

  /** Takes the lock before it reads the INBOX, so that no other session changes what is read. */
  private CompletionStage<Pop3Input> logIn(Pop3Effect.LogIn logIn) {
    return call(() -> accounts.authenticate(logIn.user(), logIn.password(), logIn.clientAddress()))
        .thenCompose(
            account ->
                accounts
                    .lockMaildrop(account)
                    .thenCompose(
                        taken -> {
                          lock.hold(taken);
                          return open(account);
                        }))
        .exceptionally(
            failure -> {
              lock.release();
              return new Pop3Input.LoginRefused(Refusal.of(failure));
            });
  }

  private CompletionStage<Pop3Input> open(AccountId account) {
    return mailboxes
        .view(MailboxId.inboxOf(account))
        .thenApply(inbox -> new Pop3Input.LoggedIn(account, inbox));
  }

  /** Unlocks before it answers: a client that has its answer may log in again at once. */
  private CompletionStage<Pop3Input> update(Pop3Effect.Update update) {
    CompletionStage<?> removed =
        update.marked().isEmpty()
            ? CompletableFuture.completedFuture(update)
            : call(
                () ->
                    mailboxes.expunge(
                        update.mailbox(), new Mailboxes.Expunge.Exactly(update.marked())));
    return removed.handle(
        (done, failure) -> {
          lock.release();
          return failure == null
              ? new Pop3Input.Updated()
              : new Pop3Input.UpdateRefused(Refusal.of(failure));
        });
  }

  /** A port that throws is one that fails. */
  private static <T> CompletionStage<T> call(Supplier<CompletionStage<T>> port) {
    return CompletableFuture.completedFuture(port).thenCompose(Supplier::get);
  }

  @Override
  public void closed(Pop3State state) {
    lock.close();
  }
}
