package dev.staffetta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.staffetta.admin.ClusterStatus;
import dev.staffetta.admin.Json;
import dev.staffetta.node.TestCluster;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code staffetta node} against three nodes that run. */
class NodeCommandTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path data;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @Test
  void aNodeIsDrainedTakenInAgainAndRemoved() throws Exception {
    try (TestCluster cluster = TestCluster.start(data, 3, "staffetta.store.partitions = 3\n")) {
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  status().nodes().stream()
                      .allMatch(
                          n -> n.replicas() == 3 && n.leads() == 1 && n.state().equals("up")));

      assertThat(run("node", "drain", "node2")).as(() -> err.toString()).isZero();
      assertThat(out.toString()).contains("node2 leads nothing any more");
      await().atMost(PATIENCE).until(() -> cluster.node(2).node().listeners().isEmpty());
      assertThat(run("node", "resume", "node2")).isZero();
      await().atMost(PATIENCE).until(() -> !cluster.node(2).node().listeners().isEmpty());

      assertThat(run("node", "remove", "node3")).as(() -> err.toString()).isZero();
      assertThat(out.toString()).contains("node3 is removed");
      assertThat(status().partitions())
          .allSatisfy(
              partition ->
                  assertThat(partition.replicas())
                      .extracting(ClusterStatus.ReplicaStatus::node)
                      .containsExactly("node1", "node2"));

      assertThat(run("node", "remove", "node9")).isEqualTo(1);
      assertThat(err.toString().lines()).hasSize(1).first().asString().contains("no node node9");
      assertThat(run("node", "list")).isZero();
      assertThat(out.toString()).contains("removed");
    }
  }

  private ClusterStatus status() {
    run("status", "--json");
    return Json.read(out.toString(), ClusterStatus.class);
  }

  private int run(String... words) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--data", data.toString()));
    CommandLine commandLine = Staffetta.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(all.toArray(String[]::new));
  }
}
