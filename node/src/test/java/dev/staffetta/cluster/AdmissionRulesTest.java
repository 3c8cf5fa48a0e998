package dev.staffetta.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.cluster.AdmissionAnswer.NotYet;
import dev.staffetta.cluster.AdmissionAnswer.Refused;
import dev.staffetta.cluster.AdmissionAnswer.Welcome;
import dev.staffetta.config.NodeAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is let in. */
class AdmissionRulesTest {
  private static final NodeAddress HERE = new NodeAddress("127.0.0.1", 10_071);
  private static final NodeAddress THERE = new NodeAddress("127.0.0.1", 20_071);

  private static Applicant node(String name, Optional<String> cluster, NodeAddress address) {
    return new Applicant(1, "1.0", cluster, name, 8, address);
  }

  private static AdmissionRules rules(boolean isUp, AdmissionRules.Neighbour... members) {
    return new AdmissionRules(
        node("node1", Optional.of("one"), HERE), isUp, List.of(members), Optional.of("node1"));
  }

  @Test
  void aNewNodeIsTold() {
    AdmissionRules.Neighbour self = new AdmissionRules.Neighbour("node1", HERE, true);
    AdmissionAnswer answer = rules(true, self).answer(node("node2", Optional.empty(), THERE));
    assertThat(answer).isInstanceOf(Welcome.class);
    Welcome welcome = (Welcome) answer;
    assertThat(welcome.join()).isEqualTo(HERE);
    assertThat(welcome.cluster()).isEqualTo("one");
    assertThat(welcome.members()).containsEntry("node1", HERE);
    assertThat(welcome.leader()).contains("node1");
  }

  @Test
  void whoIsNotInAClusterItselfLetsNobodyIn() {
    assertThat(rules(false).answer(node("node2", Optional.empty(), THERE)))
        .isEqualTo(new NotYet("node1", Optional.of("one")));
  }

  @Test
  void aNodeOfAnotherClusterIsRefused() {
    assertThat(refusal(rules(false), node("node2", Optional.of("two"), THERE)))
        .contains("is of cluster one, this node's data is of cluster two");
  }

  @Test
  void anotherNumberOfPartitionsIsRefused() {
    Applicant applicant = new Applicant(1, "1.0", Optional.empty(), "node2", 16, THERE);
    assertThat(refusal(rules(true), applicant))
        .contains("has 8 partitions, this node's store.partitions is 16; set it to 8");
  }

  @Test
  void anotherProtocolIsRefusedWithBothVersions() {
    Applicant applicant = new Applicant(2, "2.0", Optional.empty(), "node2", 8, THERE);
    assertThat(refusal(rules(true), applicant)).contains("runs Staffetta 1.0").contains("2.0");
  }

  @Test
  void aNameThatIsAliveElsewhereIsRefusedForNow() {
    NodeAddress other = new NodeAddress("127.0.0.1", 30_071);
    AdmissionAnswer alive =
        rules(true, new AdmissionRules.Neighbour("node2", other, true))
            .answer(node("node2", Optional.empty(), THERE));
    assertThat(alive).isInstanceOf(Refused.class);
    assertThat(((Refused) alive).mayPass()).isTrue();
    assertThat(
            rules(true, new AdmissionRules.Neighbour("node2", other, false))
                .answer(node("node2", Optional.empty(), THERE)))
        .isInstanceOf(NotYet.class);
  }

  @Test
  void aNodeThatWasRestartedIsWelcomeAtItsOwnAddress() {
    assertThat(
            rules(true, new AdmissionRules.Neighbour("node2", THERE, true))
                .answer(node("node2", Optional.of("one"), THERE)))
        .isInstanceOf(Welcome.class);
  }

  private static String refusal(AdmissionRules rules, Applicant applicant) {
    AdmissionAnswer answer = rules.answer(applicant);
    assertThat(answer).isInstanceOf(Refused.class);
    return ((Refused) answer).why();
  }
}
