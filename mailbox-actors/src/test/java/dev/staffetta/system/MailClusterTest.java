package dev.staffetta.system;

import static dev.staffetta.store.Stores.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.AccountId;
import dev.staffetta.system.MailCluster.Running;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of one node while what it asks moves between others. */
class MailClusterTest {
  private static final int DOMAINS = 6;

  @TempDir Path directory;

  @Test
  void whatMovesOrDiesIsFoundAgainFromAnyNode() {
    try (MailCluster cluster = MailCluster.of(3, directory, 3)) {
      List<String> domains = new ArrayList<>();
      for (int i = 0; i < DOMAINS; i++) {
        String domain = "d" + i + ".example";
        domains.add(domain);
        await(cluster.node(1 + i % 3).mail().directory().addDomain(domain));
        await(
            cluster
                .node(1 + (i + 1) % 3)
                .mail()
                .directory()
                .addAccount(new AccountId("a@" + domain), "secret"));
      }
      requireAll(cluster, domains);

      // A lead that is handed over.
      Running before = cluster.leaderOf(domains.get(0));
      int partition = before.store().partitionOf(domains.get(0));
      Running next =
          cluster.all().stream().filter(n -> !n.equals(before)).findFirst().orElseThrow();
      await(before.store().transferLeadership(partition, next.name()));
      for (Running node : cluster.all()) {
        long begin = System.nanoTime();
        assertThat(accounts(node, domains.get(0))).hasSize(1);
        report("found where the lead has gone, from " + node.name(), begin);
      }

      // The oldest node, which runs the shard coordinators, dies.
      cluster.kill(1);
      long begin = System.nanoTime();
      requireAll(cluster, domains);
      report("all found again after a death", begin);
      await(cluster.node(2).mail().directory().addAccount(new AccountId("b@d0.example"), "secret"));
      assertThat(accounts(cluster.node(3), "d0.example")).hasSize(2);
    }
  }

  private static void requireAll(MailCluster cluster, List<String> domains) {
    for (String domain : domains) {
      for (Running node : cluster.all()) {
        assertThat(accounts(node, domain)).containsExactly(new AccountId("a@" + domain));
      }
    }
  }

  private static List<AccountId> accounts(Running node, String domain) {
    return await(node.mail().directory().accounts(domain));
  }

  private static void report(String what, long begin) {
    System.out.println(
        what + ": " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms");
  }
}
