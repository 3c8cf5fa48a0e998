package dev.staffetta.domain;

import dev.staffetta.account.Addresses;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.sharding.Shards;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Finds the accounts behind addresses, through aliases of aliases. */
public final class Recipients {
  /** Aliases that may lead to one another; what lies deeper is left out, so that no loop hurts. */
  private static final int MAX_DEPTH = 10;

  /** Accounts that one address may come to. */
  private static final int MAX_ACCOUNTS = 5000;

  private final Shards shards;

  public Recipients(Shards shards) {
    this.shards = shards;
  }

  /** What the address's domain says of it. */
  public CompletionStage<Resolution> resolve(MailAddress address) {
    String domain = address.domain().toLowerCase(Locale.ROOT);
    if (!Addresses.isDomain(domain)) {
      return CompletableFuture.completedStage(new Resolution.NoSuchDomain());
    }
    return shards.ask(
        shards.entity(ShardedDirectory.DOMAINS, domain),
        replyTo ->
            new DomainCommand.Resolve(address.localPart().toLowerCase(Locale.ROOT), replyTo));
  }

  /** All accounts behind these addresses, each once; what leads nowhere is left out. */
  public CompletionStage<Set<AccountId>> accounts(Collection<MailAddress> addresses) {
    return accounts(addresses, Set.copyOf(addresses), new LinkedHashSet<>(), 0);
  }

  private CompletionStage<Set<AccountId>> accounts(
      Collection<MailAddress> addresses, Set<MailAddress> seen, Set<AccountId> found, int depth) {
    if (addresses.isEmpty() || depth > MAX_DEPTH || found.size() > MAX_ACCOUNTS) {
      return CompletableFuture.completedStage(found);
    }
    return resolveAll(List.copyOf(addresses))
        .thenCompose(
            resolutions -> {
              Set<AccountId> accounts = new LinkedHashSet<>(found);
              Set<MailAddress> next = new LinkedHashSet<>();
              for (Resolution resolution : resolutions) {
                if (resolution instanceof Resolution.Account account) {
                  accounts.add(account.account());
                } else if (resolution instanceof Resolution.Alias alias) {
                  next.addAll(alias.targets());
                }
              }
              next.removeAll(seen);
              Set<MailAddress> allSeen = new LinkedHashSet<>(seen);
              allSeen.addAll(next);
              return accounts(next, allSeen, accounts, depth + 1);
            });
  }

  private CompletionStage<List<Resolution>> resolveAll(List<MailAddress> addresses) {
    List<CompletableFuture<Resolution>> all =
        addresses.stream().map(address -> resolve(address).toCompletableFuture()).toList();
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
  }
}
