package dev.staffetta.account;

import dev.staffetta.account.AccountCommand.GetPasswordHash;
import dev.staffetta.config.AccountSettings;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Accounts;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Shards;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** {@link Accounts} over the {@link Account} entities. */
public final class ShardedAccounts implements Accounts {
  /** Names the entities. */
  public static final EntityTypeKey<AccountCommand> TYPE =
      EntityTypeKey.create(AccountCommand.class, "Account");

  /** RFC 5321 4.5.3.1: 64 for the local part, 255 for the domain. */
  private static final int MAX_ADDRESS_LENGTH = 320;

  /** Longer ones nobody has, and hashing them would cost. */
  private static final int MAX_PASSWORD_LENGTH = 1024;

  private static final AccountId NOBODY = new AccountId("nobody@invalid");

  private final ActorSystem<?> system;
  private final Shards shards;
  private final Shards.Patience patience;
  private final PasswordVerifier passwords;
  private final LoginThrottle throttle;
  private final String defaultDomain;

  public ShardedAccounts(
      ActorSystem<?> system,
      Shards shards,
      Shards.Patience patience,
      PasswordVerifier passwords,
      AccountSettings settings) {
    this.system = system;
    this.shards = shards;
    this.patience = patience;
    this.passwords = passwords;
    this.throttle = new LoginThrottle(settings.throttle(), System::nanoTime);
    this.defaultDomain = settings.defaultDomain();
  }

  @Override
  public CompletionStage<AccountId> authenticate(String user, String password, InetAddress client) {
    Optional<Duration> delay = throttle.admit(client);
    if (delay.isEmpty()) {
      return CompletableFuture.failedStage(
          new Refusal(
              Refusal.Code.UNAVAILABLE, "too many failed logins from your address, wait a while"));
    }
    if (delay.get().isZero()) {
      return verify(user, password, client);
    }
    Executor afterDelay =
        CompletableFuture.delayedExecutor(
            delay.get().toMillis(), TimeUnit.MILLISECONDS, system.executionContext()::execute);
    return CompletableFuture.supplyAsync(
            () -> {
              throttle.waited(client);
              return verify(user, password, client);
            },
            afterDelay)
        .thenCompose(verified -> verified);
  }

  private CompletionStage<AccountId> verify(String user, String password, InetAddress client) {
    Optional<AccountId> account = account(user);
    CompletionStage<Optional<PasswordHash>> hash =
        account.isPresent() && password.length() <= MAX_PASSWORD_LENGTH
            ? hash(account.get())
            : CompletableFuture.completedStage(Optional.empty());
    String tried = password.length() <= MAX_PASSWORD_LENGTH ? password : "";
    return hash.thenCompose(
            known ->
                passwords
                    .verify(account.orElse(NOBODY), known, tried)
                    .thenApply(
                        isRight -> {
                          known
                              .filter(old -> isRight && passwords.isOutdated(old))
                              .ifPresent(old -> renew(account.orElseThrow(), old, tried));
                          return isRight;
                        }))
        .thenApply(
            isRight -> {
              if (isRight) {
                return account.orElseThrow();
              }
              throttle.failed(client);
              throw new Refusal(Refusal.Code.NOPERM, "user name or password is wrong");
            });
  }

  /**
   * Keeps a password that was hashed elsewhere, or under lesser settings, by a better hash. Nobody
   * waits for it: what does not work now works at a later login.
   */
  private void renew(AccountId account, PasswordHash old, String password) {
    var unused =
        passwords
            .hash(password)
            .thenCompose(
                hash ->
                    shards.<AccountCommand, Done>ask(
                        entity(account),
                        replyTo ->
                            new AccountCommand.ChangePassword(
                                hash.toString(), Optional.of(old.toString()), replyTo)))
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    system.log().debug("the password of {} is not hashed anew", account, failure);
                  }
                });
  }

  /** The password of an account; empty: there is no such account. */
  private CompletionStage<Optional<PasswordHash>> hash(AccountId account) {
    return shards
        .ask(entity(account), GetPasswordHash::new)
        .handle(
            (hash, failure) -> {
              if (failure == null) {
                return PasswordHash.parse(hash);
              }
              Refusal refusal = Refusal.of(failure);
              if (refusal.code() == Refusal.Code.NONEXISTENT) {
                return Optional.empty();
              }
              throw refusal;
            });
  }

  /** The account that a user name means; empty: none could. */
  private Optional<AccountId> account(String user) {
    String address =
        user.indexOf('@') < 0 && !defaultDomain.isEmpty() ? user + "@" + defaultDomain : user;
    return address.length() <= MAX_ADDRESS_LENGTH && Addresses.isAccount(address)
        ? Optional.of(new AccountId(address))
        : Optional.empty();
  }

  @Override
  public CompletionStage<MaildropLock> lockMaildrop(AccountId account) {
    CompletableFuture<MaildropLock> locked = new CompletableFuture<>();
    system.systemActorOf(
        MaildropLease.create(entity(account), locked, patience),
        "maildrop-" + UUID.randomUUID(),
        Props.empty());
    return locked;
  }

  @Override
  public CompletionStage<Void> countRecipient(AccountId account) {
    return shards
        .<AccountCommand, Done>ask(
            entity(account), replyTo -> new AccountCommand.CountRecipients(1, replyTo))
        .thenAccept(counted -> {});
  }

  private EntityRef<AccountCommand> entity(AccountId account) {
    return shards.entity(TYPE, account.address());
  }
}
