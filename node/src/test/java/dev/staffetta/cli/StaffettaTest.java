package dev.staffetta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command line: domains, accounts and aliases, exit codes, and what an error says. */
class StaffettaTest {
  @RegisterExtension final AdministeredNode node = new AdministeredNode();

  @Test
  void keysOfDomainsAreMadeAndTheirRecordsPrinted() {
    node.run("domain", "add", "example.com");
    assertThat(node.run("domain", "dkim", "example.com", "--selector", "one"))
        .as(() -> node.err())
        .isZero();
    assertThat(node.out())
        .contains("one._domainkey.example.com. IN TXT ( \"v=DKIM1; k=rsa; p=MII")
        .contains("signs from now on");
    assertThat(node.out().lines().flatMap(line -> Stream.of(line.split("\""))))
        .allMatch(text -> text.length() <= 255);
    assertThat(node.run("domain", "dkim", "example.com", "--selector", "two")).isZero();
    assertThat(node.out()).contains("dkim example.com --activate two");
    assertThat(node.run("domain", "dkim", "example.com", "--activate", "two")).isZero();
    assertThat(node.run("domain", "dkim", "example.com", "--remove", "one")).isZero();
    assertThat(node.run("domain", "dkim", "example.com", "--remove", "one")).isEqualTo(1);
    assertThat(node.run("domain", "dkim", "example.com", "--algorithm", "md5")).isEqualTo(1);
    assertThat(node.run("domain", "dkim", "example.com", "--list")).isZero();
    assertThat(node.out()).contains("; signs\n");
  }

  @Test
  void domainsAccountsAndAliasesAreAdministered() {
    assertThat(node.run("domain", "add", "example.com")).as(() -> node.err()).isZero();
    assertThat(node.runWithPassword("secret", "account", "add", "alice@example.com"))
        .as(() -> node.err())
        .isZero();
    assertThat(node.run("account", "list")).as(() -> node.err()).isZero();
    assertThat(node.run("account", "list", "example.com")).as(() -> node.err()).isZero();
    assertThat(node.run("alias", "add", "info@example.com", "alice@example.com"))
        .as(() -> node.err())
        .isZero();
    assertThat(node.run("alias", "list")).as(() -> node.err()).isZero();
    assertThat(node.run("alias", "remove", "info@example.com")).as(() -> node.err()).isZero();
    assertThat(node.runWithPassword("other", "account", "passwd", "alice@example.com"))
        .as(() -> node.err())
        .isZero();
    assertThat(node.run("account", "remove", "alice@example.com")).as(() -> node.err()).isZero();
    assertThat(node.run("domain", "list")).as(() -> node.err()).isZero();
    assertThat(node.run("domain", "remove", "example.com")).as(() -> node.err()).isZero();
    assertThat(node.out().lines())
        .containsExactly(
            "alice@example.com",
            "alice@example.com",
            "info@example.com: alice@example.com",
            "example.com");
    assertThat(node.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'domain remove nowhere.example', 1, nowhere.example",
    "'domain add no_host', 1, is not a domain",
    "'account remove nobody@example.com', 1, nobody@example.com",
    "'account import /no/such/file.csv', 1, /no/such/file.csv",
    "'', 2, say which COMMAND",
    "'domain', 2, say what to do: staffetta domain add|dkim|list|remove",
    "'domain add', 2, Missing required parameter: 'NAME'",
    "'queue', 2, say what to do: staffetta queue cancel|flush|hold|list|release|retry|show",
    "'queue hold', 2, ID",
    "'queue hold 1 --domain one.example', 2, mutually exclusive",
    "'queue list --limit 0', 2, --limit must be at least 1",
    "'queue show xyz', 1, is not the id of a message",
    "'queue cancel ffffffffffffffff0000000000000000', 1, no message ffff",
    "'queue retry 00000000000000020000000000000000', 1, is being sent just now",
    "'trace', 2, MESSAGE-ID",
    "'trace nothing@example.com', 1, nothing is known of nothing@example.com",
    "'domian list', 2, Unmatched argument",
    "'domain list --nonsense', 2, Unknown option: '--nonsense'",
    "'alias add info@example.com', 2, TARGET",
    "'cluster --nodes 6', 2, from 1 to 5",
    "'cluster --nodes 0', 2, from 1 to 5",
    "'cluster --nodes many', 2, many",
    "'serve --config', 2, --config",
    "'domain list --url ftp://x --token y', 2, --url must start with http",
    "'domain list --url http://127.0.0.1:1 --token y', 1, nobody listens at http://127.0.0.1:1",
  })
  void aFailureIsOneLineAndAnExitCode(String command, int exitCode, String message) {
    String[] words = command.isEmpty() ? new String[0] : command.split(" ");
    assertThat(node.run(words)).isEqualTo(exitCode);
    assertThat(node.err()).startsWith("staffetta: ").contains(message);
    assertThat(node.err().lines().filter(line -> line.startsWith("\tat "))).isEmpty();
    if (exitCode == 1) {
      assertThat(node.err().lines()).hasSize(1);
    }
  }

  @Test
  void aClusterIsNotStartedWithFewerNodesThanItHas() throws Exception {
    Files.createDirectories(node.data().resolve("node3"));
    assertThat(node.run("cluster", "--nodes", "2", "--data", node.data().toString())).isEqualTo(2);
    assertThat(node.err()).contains("has a cluster of 3 nodes");
  }

  @Test
  void aMissingServerIsExplained() {
    CommandLine command = node.commandLine();
    assertThat(command.execute("domain", "list", "--data", node.data().resolve("none").toString()))
        .isEqualTo(1);
    assertThat(node.err()).contains("no node runs on").contains("staffetta serve");
  }

  @Test
  void aWrongTokenIsExplained() {
    assertThat(node.run("domain", "list", "--url", node.url(), "--token", "wrong")).isEqualTo(1);
    assertThat(node.err()).contains("the admin token is missing or wrong; see --data");
  }

  @Test
  void anImportTellsEachBadLineAndFails() throws Exception {
    node.run("domain", "add", "example.com");
    StringBuilder csv = new StringBuilder("address,password\n");
    for (int i = 0; i < 120; i++) {
      csv.append("user").append(i).append("@example.com,secret\n");
    }
    Path file = Files.writeString(node.data().resolve("people.csv"), csv + "bad line\n");
    assertThat(node.run("account", "import", file.toString())).isEqualTo(1);
    assertThat(node.out()).matches("120 accounts added in [0-9]+\\.[0-9] s, [0-9]+ a second\n");
    assertThat(node.err().lines())
        .first()
        .isEqualTo(file + ":122: no comma; a line is 'address,password'");
    assertThat(node.err().lines())
        .last()
        .asString()
        .contains("staffetta: 1 line of " + file + " failed");
  }

  @Test
  void theCertificateIsReloaded() {
    assertThat(node.run("tls", "reload")).isZero();
    assertThat(node.out()).isEqualTo("certificate of example.com\n");
  }

  @ParameterizedTest
  @CsvSource({"--help", "serve --help", "cluster --help", "account --help", "account add --help"})
  void helpIsNoFailure(String command) {
    assertThat(node.commandLine().execute(command.split(" "))).isZero();
    assertThat(node.out()).contains("Usage: staffetta");
  }
}
