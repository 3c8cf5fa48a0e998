package dev.staffetta.domain;

import dev.staffetta.account.AccountCommand;
import dev.staffetta.account.Addresses;
import dev.staffetta.account.PasswordHash;
import dev.staffetta.account.PasswordVerifier;
import dev.staffetta.account.ShardedAccounts;
import dev.staffetta.dkim.DkimAlgorithm;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Shards;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * {@link Directory} over the entities of domains and accounts.
 *
 * <p>What spans two entities cannot be one write. The rule is: <i>what exists is listed</i>. An
 * addition goes into the list first, then comes to be; a removal ends what is, then leaves the
 * list. So a crash in between leaves something listed that is not there, which an administrator
 * sees, and the same call again completes: it goes through both steps, and says ALREADYEXISTS or
 * NONEXISTENT only if neither had anything to do. The step at the entity which exists has an id, so
 * that it is known again when it is sent twice; the list's answer may then be wrong, and need not
 * be right.
 */
public final class ShardedDirectory implements Directory {
  /** Names the entities of domains. */
  public static final EntityTypeKey<DomainCommand> DOMAINS =
      EntityTypeKey.create(DomainCommand.class, "Domain");

  /** Names the list of all domains. */
  public static final EntityTypeKey<DomainNamesCommand> NAMES =
      EntityTypeKey.create(DomainNamesCommand.class, "DomainNames");

  private static final int MAX_PASSWORD_LENGTH = 1024;

  private final Shards shards;
  private final PasswordVerifier passwords;
  private final Recipients recipients;
  private final ShardedDkimKeys dkimKeys;

  public ShardedDirectory(Shards shards, PasswordVerifier passwords, Recipients recipients) {
    this.shards = shards;
    this.passwords = passwords;
    this.recipients = recipients;
    this.dkimKeys = new ShardedDkimKeys(shards, Clock.systemUTC());
  }

  @Override
  public CompletionStage<Void> addDomain(String domain) {
    ContentId operation = ContentId.random();
    return checked(() -> Addresses.domain(domain))
        .thenCompose(
            name ->
                either(
                    names(replyTo -> new DomainNamesCommand.Add(name, replyTo)),
                    () -> domain(name, replyTo -> new DomainCommand.Create(operation, replyTo)),
                    new Refusal(
                        Refusal.Code.ALREADYEXISTS, "the domain " + name + " exists already")));
  }

  @Override
  public CompletionStage<List<String>> domains() {
    return shards.ask(shards.entity(NAMES, DomainNames.ID), DomainNamesCommand.ListAll::new);
  }

  @Override
  public CompletionStage<Void> removeDomain(String domain) {
    ContentId operation = ContentId.random();
    return checked(() -> Addresses.domain(domain))
        .thenCompose(
            name ->
                either(
                    domain(name, replyTo -> new DomainCommand.Remove(operation, replyTo)),
                    () -> names(replyTo -> new DomainNamesCommand.Remove(name, replyTo)),
                    new Refusal(Refusal.Code.NONEXISTENT, "there is no domain " + name)));
  }

  @Override
  public CompletionStage<Void> addAccount(AccountId account, String password) {
    return checked(
            () -> {
              Addresses.requireValid(account);
              return requirePassword(password);
            })
        .thenCompose(passwords::hash)
        .thenCompose(hash -> addAccount(account, hash));
  }

  @Override
  public CompletionStage<Void> importAccount(AccountId account, String passwordHash) {
    return checked(
            () -> {
              Addresses.requireValid(account);
              return PasswordHash.parse(passwordHash)
                  .orElseThrow(
                      () ->
                          new Refusal(
                              Refusal.Code.CANNOT,
                              "no password hash that is known, or one that takes too long to verify: known are"
                                  + " {ARGON2ID}, {BLF-CRYPT}, {SHA512-CRYPT}, {SHA256-CRYPT},"
                                  + " {SSHA512}, {SSHA256}, {SSHA} and {PBKDF2}"));
            })
        .thenCompose(hash -> addAccount(account, hash));
  }

  private CompletionStage<Void> addAccount(AccountId account, PasswordHash hash) {
    ContentId operation = ContentId.random();
    return either(
        domain(
            account.domain(),
            replyTo -> new DomainCommand.AddAccount(account.localPart(), replyTo)),
        () ->
            account(
                account, replyTo -> new AccountCommand.Create(operation, hash.toString(), replyTo)),
        new Refusal(Refusal.Code.ALREADYEXISTS, "the account " + account + " exists already"));
  }

  @Override
  public CompletionStage<List<AccountId>> accounts(String domain) {
    return checked(() -> Addresses.domain(domain))
        .thenCompose(
            name -> shards.ask(shards.entity(DOMAINS, name), DomainCommand.ListAccounts::new))
        .thenApply(
            localParts ->
                localParts.stream()
                    .map(
                        localPart ->
                            new AccountId(localPart + "@" + domain.toLowerCase(Locale.ROOT)))
                    .toList());
  }

  @Override
  public CompletionStage<Void> setPassword(AccountId account, String password) {
    return checked(
            () -> {
              Addresses.requireValid(account);
              return requirePassword(password);
            })
        .thenCompose(passwords::hash)
        .thenCompose(hash -> changePassword(account, hash))
        .thenAccept(done -> {});
  }

  private CompletionStage<Done> changePassword(AccountId account, PasswordHash hash) {
    return shards.ask(
        shards.entity(ShardedAccounts.TYPE, account.address()),
        replyTo -> new AccountCommand.ChangePassword(hash.toString(), Optional.empty(), replyTo));
  }

  @Override
  public CompletionStage<Void> removeAccount(AccountId account) {
    ContentId operation = ContentId.random();
    return checked(
            () -> {
              Addresses.requireValid(account);
              return account;
            })
        .thenCompose(
            valid ->
                either(
                    account(valid, replyTo -> new AccountCommand.Remove(operation, replyTo)),
                    () ->
                        domain(
                            valid.domain(),
                            replyTo -> new DomainCommand.RemoveAccount(valid.localPart(), replyTo)),
                    new Refusal(Refusal.Code.NONEXISTENT, "there is no account " + valid)))
        .thenCompose(done -> everywhere());
  }

  /** By when no node knows any more of an account that was removed before. */
  private static CompletionStage<Void> everywhere() {
    return CompletableFuture.runAsync(
        () -> {},
        CompletableFuture.delayedExecutor(
            KnownAccounts.LEASE.toMillis(), TimeUnit.MILLISECONDS, Runnable::run));
  }

  @Override
  public CompletionStage<Void> addAlias(MailAddress address, List<MailAddress> targets) {
    return checked(() -> Addresses.localPart(address.localPart()))
        .thenCompose(localPart -> requireTargets(address, targets).thenApply(all -> localPart))
        .thenCompose(
            localPart ->
                domain(
                    Addresses.domain(address.domain()),
                    replyTo -> new DomainCommand.AddAlias(localPart, targets, replyTo)))
        .thenAccept(isNew -> {});
  }

  /** Each target is somebody here, or in another domain; none leads back to the alias at once. */
  private CompletionStage<Void> requireTargets(MailAddress address, List<MailAddress> targets) {
    List<CompletableFuture<Void>> checks =
        targets.stream()
            .map(target -> requireTarget(address, target).toCompletableFuture())
            .toList();
    return CompletableFuture.allOf(checks.toArray(CompletableFuture<?>[]::new));
  }

  private CompletionStage<Void> requireTarget(MailAddress address, MailAddress target) {
    if (target.toString().equalsIgnoreCase(address.toString())) {
      return CompletableFuture.failedStage(
          new Refusal(Refusal.Code.CANNOT, "the alias " + address + " leads to itself"));
    }
    return recipients
        .resolve(target)
        .thenAccept(
            resolution -> {
              if (resolution instanceof Resolution.NoSuchDomain) {
                // An address elsewhere; one that can be none is refused.
                Addresses.domain(target.domain());
              } else if (resolution instanceof Resolution.Unknown) {
                throw new Refusal(
                    Refusal.Code.NONEXISTENT, "there is no account or alias " + target + " here");
              }
            });
  }

  @Override
  public CompletionStage<List<Alias>> aliases(String domain) {
    return checked(() -> Addresses.domain(domain))
        .thenCompose(
            name -> shards.ask(shards.entity(DOMAINS, name), DomainCommand.ListAliases::new));
  }

  @Override
  public CompletionStage<Void> removeAlias(MailAddress address) {
    ContentId operation = ContentId.random();
    return checked(() -> Addresses.localPart(address.localPart()))
        .thenCompose(
            localPart ->
                domain(
                    Addresses.domain(address.domain()),
                    replyTo -> new DomainCommand.RemoveAlias(operation, localPart, replyTo)))
        .thenAccept(
            wasThere -> {
              if (!wasThere) {
                throw new Refusal(Refusal.Code.NONEXISTENT, "there is no alias " + address);
              }
            });
  }

  @Override
  public CompletionStage<Key> addDkimKey(
      String domain, Optional<String> selector, DkimAlgorithm algorithm) {
    return dkimKeys.add(domain, selector, algorithm);
  }

  @Override
  public CompletionStage<List<Key>> dkimKeys(String domain) {
    return dkimKeys.list(domain);
  }

  @Override
  public CompletionStage<Void> activateDkimKey(String domain, String selector) {
    return dkimKeys.activate(domain, selector);
  }

  @Override
  public CompletionStage<Void> removeDkimKey(String domain, String selector) {
    return dkimKeys.remove(domain, selector);
  }

  /** Both steps, one after the other; refuses if neither had anything to do. */
  private static CompletionStage<Void> either(
      CompletionStage<Boolean> first,
      Supplier<CompletionStage<Boolean>> second,
      Refusal ifNeither) {
    return first.thenCompose(
        did ->
            second
                .get()
                .thenAccept(
                    didToo -> {
                      if (!did && !didToo) {
                        throw ifNeither;
                      }
                    }));
  }

  private CompletionStage<Boolean> names(
      Function<ActorRef<Answer<Boolean>>, DomainNamesCommand> command) {
    return shards.ask(shards.entity(NAMES, DomainNames.ID), command);
  }

  private CompletionStage<Boolean> domain(
      String name, Function<ActorRef<Answer<Boolean>>, DomainCommand> command) {
    return shards.ask(shards.entity(DOMAINS, name), command);
  }

  private CompletionStage<Boolean> account(
      AccountId account, Function<ActorRef<Answer<Boolean>>, AccountCommand> command) {
    return shards.ask(shards.entity(ShardedAccounts.TYPE, account.address()), command);
  }

  private static String requirePassword(String password) {
    if (password.isEmpty() || password.length() > MAX_PASSWORD_LENGTH) {
      throw new Refusal(
          Refusal.Code.CANNOT, "a password has 1 to " + MAX_PASSWORD_LENGTH + " characters");
    }
    return password;
  }

  private static <T> CompletionStage<T> checked(Supplier<T> check) {
    try {
      return CompletableFuture.completedStage(check.get());
    } catch (Refusal refusal) {
      return CompletableFuture.failedStage(refusal);
    }
  }
}
