package dev.staffetta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The state of a cluster and of its nodes, as tables and as JSON. */
class StatusCommandsTest {
  @RegisterExtension final AdministeredNode node = new AdministeredNode();

  @Test
  void theStatusIsATable() {
    assertThat(node.run("status")).isZero();
    assertThat(node.out().lines())
        .containsExactly(
            "NODE   STATE  REACHABLE  LEADS  REPLICAS  SIZE     FREE     DISK     VERSION  PID   UP",
            "node1  up     yes        1      1         2.0 KiB  1.0 GiB  8.0 GiB  0.1.0    4711  1h2m",
            "",
            "SPREAD  MOST     ON     MEAN     OVER MEAN",
            "leads   4        node2  3.5      14.3 %",
            "bytes   2.0 KiB  node1  1.0 KiB  100.0 %",
            "",
            "PARTITION  LEADER  STATE  TERM  APPLIED  LAG  SIZE     REPLICAS",
            "0          node1   ready  3     12       7    2.0 KiB  node1, node2 -7",
            "",
            "LISTENER  NODE   ADDRESS          TLS       CONNECTIONS",
            "imap      node1  127.0.0.1:10143  starttls  3",
            "",
            "WAITING FOR  MESSAGES  RECIPIENTS  HELD  OLDEST",
            "all (2)      12        15          1     1h2m",
            "one.example  11        14          1     1m5s",
            "not counted: 1 queues that do not answer",
            "",
            "moving: partition 0, copying to node2: 1.0 MiB of 4.0 MiB, some 6 s left");
  }

  @Test
  void theStatusIsJsonToo() {
    assertThat(node.run("status", "--json")).isZero();
    assertThat(node.out())
        .contains("\"leader\":\"node1\"")
        .contains("\"lag\":7")
        .contains("\"recipients\":15");
  }

  @Test
  void nodesAreListedAndChanged() {
    assertThat(node.run("node", "list")).isZero();
    assertThat(node.out()).contains("leads   4        node2  3.5      14.3 %");
    assertThat(node.run("node", "list", "--json")).isZero();
    assertThat(node.out()).contains("\"overMean\":14.3").contains("\"totalBytes\":8589934592");
    assertThat(node.run("node", "remove", "node1", "--force")).isZero();
    assertThat(node.run("node", "resume", "node1")).isZero();
    assertThat(node.out().lines())
        .contains(
            "node1  up     up      yes        1      1         2.0 KiB  1.0 GiB  8.0 GiB",
            "node1: REMOVE by force",
            "node1 is removed; its process can be stopped and its data deleted",
            "node1: RESUME");
    assertThat(node.run("node", "drain", "node9")).isEqualTo(1);
    assertThat(node.err()).isEqualTo("staffetta: there is no node node9\n");
  }

  @Test
  void theStatusOfAnIllClusterFails() {
    node.partitionState = "no leader";
    assertThat(node.run("status")).isEqualTo(1);
    assertThat(node.err()).contains("not all nodes are up");
  }
}
