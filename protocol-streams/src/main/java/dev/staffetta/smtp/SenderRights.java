package dev.staffetta.smtp;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.MailAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Who may send under which address (RFC 6409 6.1). */
final class SenderRights {
  private SenderRights() {}

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
