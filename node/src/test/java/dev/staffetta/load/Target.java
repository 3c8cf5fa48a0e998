package dev.staffetta.load;

import java.util.ArrayList;
import java.util.List;

/**
 * The server under load.
 *
 * @param smtp a port of each node
 * @param imap a port of each node
 * @param accounts addresses that exist there
 * @param loginByLocalPart log in as {@code user1}, not as {@code user1@example.com}
 */
record Target(
    List<Integer> smtp,
    List<Integer> imap,
    List<String> accounts,
    String password,
    boolean loginByLocalPart) {
  Target {
    smtp = List.copyOf(smtp);
    imap = List.copyOf(imap);
    accounts = List.copyOf(accounts);
  }

  /** Where the connection of this number sends its mail to. */
  int smtp(int connection) {
    return smtp.get(connection % smtp.size());
  }

  /** Where the connection of this number reads. */
  int imap(int connection) {
    return imap.get(connection % imap.size());
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
