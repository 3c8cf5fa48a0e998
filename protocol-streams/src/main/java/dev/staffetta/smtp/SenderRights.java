package dev.staffetta.smtp;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Who may send under which address (RFC 6409 6.1). */
final class SenderRights {
  private SenderRights() {}

  /** The account's address, a plus-address of it included. */
  static boolean isOwn(MailAddress sender, AccountId account) {
    int plus = sender.localPart().indexOf('+');
    String localPart = plus > 0 ? sender.localPart().substring(0, plus) : sender.localPart();
    String own = account.localPart();
    return sender.domain().equals(account.domain())
        && (own.equals(localPart.toLowerCase(Locale.ROOT))
            || own.equals(sender.localPart().toLowerCase(Locale.ROOT)));
  }

  /**
   * Whether the account may send under the address: it is its own, or an alias that leads to it,
   * over other aliases of its domain or not.
   */
  static CompletionStage<Boolean> mayUse(
      MailAddress address, AccountId account, Directory directory) {
    if (isOwn(address, account)) {
      return CompletableFuture.completedStage(true);
    }
    return directory
        .aliases(address.domain())
        .handle(
            (aliases, failure) -> {
              if (failure == null) {
                return leadsTo(address, account, aliases);
              }
              if (Refusal.of(failure).code() == Refusal.Code.UNAVAILABLE) {
                throw new CompletionException(failure);
              }
              // Not a domain of ours.
              return false;
            });
  }

  /**
   * Whether mail for the address would reach the account by these aliases. Aliases may go round in
   * circles.
   */
  static boolean leadsTo(MailAddress address, AccountId account, List<Directory.Alias> aliases) {
    Set<String> seen = new HashSet<>();
    Deque<MailAddress> open = new ArrayDeque<>();
    open.add(address);
    while (!open.isEmpty()) {
      MailAddress next = open.remove();
      if (!seen.add(key(next))) {
        continue;
      }
      if (key(next).equals(account.address())) {
        return true;
      }
      aliases.stream()
          .filter(alias -> key(alias.address()).equals(key(next)))
          .forEach(alias -> open.addAll(alias.targets()));
    }
    return false;
  }

  private static String key(MailAddress address) {
    return address.toString().toLowerCase(Locale.ROOT);
  }
}
