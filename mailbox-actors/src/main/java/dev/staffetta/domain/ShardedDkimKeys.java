package dev.staffetta.domain;

import dev.staffetta.account.Addresses;
import dev.staffetta.dkim.DkimAlgorithm;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.DkimKeys;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Shards;
import java.security.KeyPair;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The keys of domains, in their entities. */
final class ShardedDkimKeys {
  private static final int MAX_SELECTOR_LENGTH = 63;

  private final Shards shards;
  private final Clock clock;

  ShardedDkimKeys(Shards shards, Clock clock) {
    this.shards = shards;
    this.clock = clock;
  }

  CompletionStage<DkimKeys.Key> add(
      String domain, Optional<String> wanted, DkimAlgorithm algorithm) {
    ContentId operation = ContentId.random();
    // Some tenths of a second of computing, seldom; on a thread that nothing else waits for.
    return CompletableFuture.supplyAsync(
            () -> key(selector(wanted.orElseGet(() -> today(algorithm))), algorithm))
        .thenCompose(
            key ->
                shards
                    .ask(
                        shards.entity(ShardedDirectory.DOMAINS, Addresses.domain(domain)),
                        (org.apache.pekko.actor.typed.ActorRef<
                                    dev.staffetta.sharding.Answer<Boolean>>
                                replyTo) ->
                            (DomainCommand) new DomainCommand.AddDkimKey(operation, key, replyTo))
                    .thenCompose(added -> list(domain))
                    .thenApply(keys -> find(keys, key.selector())));
  }

  private static DkimKeys.Key find(List<DkimKeys.Key> keys, String selector) {
    return keys.stream()
        .filter(key -> key.selector().equals(selector))
        .findFirst()
        .orElseThrow(() -> new Refusal(Refusal.Code.NONEXISTENT, "the key was removed meanwhile"));
  }

  private String today(DkimAlgorithm algorithm) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return algorithm.keyType() + DateTimeFormatter.BASIC_ISO_DATE.format(today);
  }

  private static DomainKey key(String selector, DkimAlgorithm algorithm) {
    KeyPair pair = algorithm.generate();
    return new DomainKey(
        selector,
        algorithm,
        false,
        Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()),
        algorithm.record(pair.getPublic()));
  }

  /** RFC 6376 3.1: a selector is a name in DNS. */
  private static String selector(String selector) {
    String lower = selector.toLowerCase(Locale.ROOT);
    if (lower.length() > MAX_SELECTOR_LENGTH || !Addresses.isDomain(lower)) {
      throw new Refusal(
          Refusal.Code.CANNOT,
          "'%s' is no selector: letters, digits and hyphens, such as mail2026".formatted(selector));
    }
    return lower;
  }

  CompletionStage<List<DkimKeys.Key>> list(String domain) {
    return CompletableFuture.completedStage(domain)
        .thenApply(Addresses::domain)
        .thenCompose(
            name ->
                shards
                    .ask(
                        shards.entity(ShardedDirectory.DOMAINS, name),
                        DomainCommand.ListDkimKeys::new)
                    .thenApply(all -> all.keys().stream().map(key -> shown(name, key)).toList()));
  }

  private static DkimKeys.Key shown(String domain, DomainKey key) {
    return new DkimKeys.Key(domain, key.selector(), key.algorithm(), key.isActive(), key.record());
  }

  CompletionStage<Void> activate(String domain, String selector) {
    return CompletableFuture.completedStage(domain)
        .thenApply(Addresses::domain)
        .thenCompose(
            name ->
                shards.<DomainCommand, Boolean>ask(
                    shards.entity(ShardedDirectory.DOMAINS, name),
                    replyTo ->
                        new DomainCommand.ActivateDkimKey(
                            selector.toLowerCase(Locale.ROOT), replyTo)))
        .thenAccept(changed -> {});
  }

  CompletionStage<Void> remove(String domain, String selector) {
    ContentId operation = ContentId.random();
    return CompletableFuture.completedStage(domain)
        .thenApply(Addresses::domain)
        .thenCompose(
            name ->
                shards.<DomainCommand, Boolean>ask(
                    shards.entity(ShardedDirectory.DOMAINS, name),
                    replyTo ->
                        new DomainCommand.RemoveDkimKey(
                            operation, selector.toLowerCase(Locale.ROOT), replyTo)))
        .thenAccept(
            wasThere -> {
              if (!wasThere) {
                throw new Refusal(
                    Refusal.Code.NONEXISTENT,
                    "%s has no key with the selector %s".formatted(domain, selector));
              }
            });
  }
}
