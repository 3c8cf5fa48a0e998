package dev.staffetta.domain;

import dev.staffetta.account.Addresses;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.sharding.Shards;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds the accounts, and the addresses elsewhere, behind addresses: through aliases of aliases.
 */
public final class Recipients {
  /** Aliases that may lead to one another; what lies deeper is left out, so that no loop hurts. */
  private static final int MAX_DEPTH = 10;

  /** Accounts, and addresses elsewhere, that one address may come to. */
  private static final int MAX_DESTINATIONS = 5000;

  private final Shards shards;
  private final KnownAccounts known = new KnownAccounts(System::nanoTime);

  public Recipients(Shards shards) {
    this.shards = shards;
  }

  /** What the address's domain says of it. */
  public CompletionStage<Resolution> resolve(MailAddress address) {
    String domain = address.domain().toLowerCase(Locale.ROOT);
    if (!Addresses.isDomain(domain)) {
      return CompletableFuture.completedStage(new Resolution.NoSuchDomain());
    }
    AccountId account = new AccountId(address.localPart() + "@" + domain);
    if (known.has(account)) {
      return CompletableFuture.completedStage(new Resolution.Account(account));
    }
    long asked = known.now();
    return shards
        .<DomainCommand, Resolution>ask(
            shards.entity(ShardedDirectory.DOMAINS, domain),
            replyTo -> new DomainCommand.Resolve(account.localPart(), replyTo))
        .thenApply(
            resolution -> {
              // Only what is said of the address itself: of a plus-address or postmaster it changes
              // with additions too.
              if (resolution instanceof Resolution.Account found
                  && found.account().equals(account)) {
                known.add(account, asked);
              }
              return resolution;
            });
  }

  /** All that is behind these addresses, each once; what leads nowhere is left out. */
  public CompletionStage<Destinations> destinations(Collection<MailAddress> addresses) {
    Map<MailAddress, MailAddress> origins = new LinkedHashMap<>();
    addresses.forEach(address -> origins.put(address, address));
    return destinations(origins, new LinkedHashSet<>(), Map.of(), Map.of(), 0);
  }

  /**
   * @param open addresses to look up, and those of the first call that led to them
   * @param seen addresses looked up before
   */
  private CompletionStage<Destinations> destinations(
      Map<MailAddress, MailAddress> open,
      Set<MailAddress> seen,
      Map<AccountId, MailAddress> accountsBefore,
      Map<MailAddress, MailAddress> remoteBefore,
      int depth) {
    if (open.isEmpty()
        || depth > MAX_DEPTH
        || accountsBefore.size() + remoteBefore.size() > MAX_DESTINATIONS) {
      return CompletableFuture.completedStage(new Destinations(accountsBefore, remoteBefore));
    }
    List<MailAddress> addresses = List.copyOf(open.keySet());
    return resolveAll(addresses)
        .thenCompose(
            resolutions -> {
              Map<AccountId, MailAddress> accounts = new LinkedHashMap<>(accountsBefore);
              Map<MailAddress, MailAddress> remote = new LinkedHashMap<>(remoteBefore);
              Map<MailAddress, MailAddress> next = new LinkedHashMap<>();
              Set<MailAddress> allSeen = new LinkedHashSet<>(seen);
              allSeen.addAll(addresses);
              for (int i = 0; i < addresses.size(); i++) {
                MailAddress address = addresses.get(i);
                MailAddress origin = open.get(address);
                Resolution resolution = resolutions.get(i);
                if (resolution instanceof Resolution.Account account) {
                  accounts.putIfAbsent(account.account(), origin);
                } else if (resolution instanceof Resolution.NoSuchDomain) {
                  remote.putIfAbsent(address, origin);
                } else if (resolution instanceof Resolution.Alias alias) {
                  alias.targets().stream()
                      .filter(target -> !allSeen.contains(target))
                      .forEach(target -> next.putIfAbsent(target, origin));
                }
              }
              return destinations(next, allSeen, accounts, remote, depth + 1);
            });
  }

  private CompletionStage<List<Resolution>> resolveAll(List<MailAddress> addresses) {
    List<CompletableFuture<Resolution>> all =
        addresses.stream().map(address -> resolve(address).toCompletableFuture()).toList();
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
  }
}
