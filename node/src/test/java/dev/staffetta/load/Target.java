package dev.staffetta.load;

import java.util.ArrayList;
import java.util.List;

/**
 * The server under load.
 *
 * @param accounts addresses that exist there
 * @param loginByLocalPart log in as {@code user1}, not as {@code user1@example.com}
 */
record Target(
    int smtp, int imap, List<String> accounts, String password, boolean loginByLocalPart) {
  Target {
    accounts = List.copyOf(accounts);
  }

  String login(String account) {
    return loginByLocalPart ? account.substring(0, account.indexOf('@')) : account;
  }

  /** user1@example.com … userN@example.com. */
  static List<String> numbered(int count) {
    List<String> accounts = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      accounts.add("user" + i + "@example.com");
    }
    return accounts;
  }
}
