package dev.staffetta.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The domain and accounts that a new server made without settings starts with, so that there is
 * something to try.
 *
 * <p>A file in the data directory says that they are still to be made: a server killed before it
 * could print the passwords does it at its next start.
 */
final class FirstAccounts {
  private static final String DOMAIN = "example.com";
  private static final List<String> NAMES = List.of("alice", "bob");
  private static final String EXPECTED = "first-accounts-to-be-made";

  /** Without those that look alike. */
  private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

  private final Path data;
  private final PrintWriter out;

  FirstAccounts(Path data, PrintWriter out) {
    this.data = data;
    this.out = out;
  }

  /** Notes that a new data directory is to get its first accounts. */
  static void expect(Path data) throws CommandFailure {
    try {
      Files.createDirectories(data);
      Files.writeString(data.resolve(EXPECTED), "");
    } catch (IOException e) {
      throw new CommandFailure("cannot write to " + data + ": " + e.getMessage(), e);
    }
  }

  /** Makes them and prints their passwords, if that is still to be done. */
  void createIfExpected(AdminClient client) throws CommandFailure {
    if (!Files.exists(data.resolve(EXPECTED))) {
      return;
    }
    if (!client.domains().contains(DOMAIN)) {
      client.addDomain(DOMAIN);
    }
    List<String> present = client.accounts(Optional.of(DOMAIN));
    Map<String, String> passwords = new LinkedHashMap<>();
    for (String name : NAMES) {
      String address = name + "@" + DOMAIN;
      String password = password();
      if (present.contains(address)) {
        client.setPassword(address, password);
      } else {
        client.addAccount(address, password);
      }
      passwords.put(address, password);
    }
    out.println("Two accounts to try, with passwords that are shown only now:");
    passwords.forEach((address, password) -> out.printf("  %-18s %s%n", address, password));
    out.flush();
    try {
      Files.delete(data.resolve(EXPECTED));
    } catch (IOException e) {
      throw new CommandFailure("cannot write to " + data + ": " + e.getMessage(), e);
    }
  }

  /** Four groups of four, 80 random bits. */
  private static String password() {
    SecureRandom random = new SecureRandom();
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      password.append(i > 0 && i % 4 == 0 ? "-" : "");
      password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return password.toString();
  }
}
