package dev.staffetta.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.NodeAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.Test;

/** What nodes say to each other comes back as it was. */
class AdmissionSerializerTest {
  @Test
  void everyMessageComesBack() throws Exception {
    ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString("pekko.loglevel = WARNING"));
    try {
      AdmissionSerializer serializer =
          new AdmissionSerializer((ExtendedActorSystem) Adapter.toClassic(kit.system()));
      TestProbe<AdmissionAnswer> probe = kit.createTestProbe(AdmissionAnswer.class);
      NodeAddress address = new NodeAddress("2001:db8::1", 10_071);
      Applicant applicant = new Applicant(1, "1.0", Optional.of("one"), "node2", 8, address);
      for (AdmissionMessage message :
          List.of(
              new AdmissionRequest(applicant, probe.getRef()),
              new AdmissionRequest(applicant.withoutData(), probe.getRef()),
              new AdmissionAnswer.Welcome(
                  "one", 8, address, Map.of("node1", address), Optional.of("node1")),
              new AdmissionAnswer.NotYet("node1", Optional.empty()),
              new AdmissionAnswer.Refused("no", true))) {
        assertThat(
                serializer.fromBinary(serializer.toBinary(message), serializer.manifest(message)))
            .isEqualTo(message);
      }
    } finally {
      kit.shutdownTestKit();
    }
  }
}
