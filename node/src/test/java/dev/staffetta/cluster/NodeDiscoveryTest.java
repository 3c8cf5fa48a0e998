package dev.staffetta.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.ClusterSettings;
import dev.staffetta.config.NodeAddress;
import dev.staffetta.config.SettingsLoader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.Test;

/** Nodes that are found by a name. */
class NodeDiscoveryTest {
  @Test
  void theAddressesOfANameAreNodes() throws Exception {
    try (DatagramSocket nameServer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Thread answering = new Thread(() -> answer(nameServer), "name-server");
      answering.setDaemon(true);
      answering.start();
      ActorTestKit kit = ActorTestKit.create(config(nameServer.getLocalPort()));
      try {
        assertThat(NodeDiscovery.of(kit.system(), settings("DNS", "mail.example.com")).get())
            .containsExactlyInAnyOrder(
                new NodeAddress("192.0.2.1", 10_071), new NodeAddress("192.0.2.2", 10_071));
      } finally {
        kit.shutdownTestKit();
      }
    }
  }

  @Test
  void whereKubernetesIsNotItSaysSo() throws Exception {
    ActorTestKit kit = ActorTestKit.create(config(1));
    try {
      ClusterSettings settings = settings("KUBERNETES", "mail");
      assertThatThrownBy(() -> NodeDiscovery.of(kit.system(), settings))
          .isInstanceOf(CannotJoinException.class)
          .hasMessageContaining("cluster.discovery.method = KUBERNETES");
    } finally {
      kit.shutdownTestKit();
    }
  }

  private static ClusterSettings settings(String method, String name) throws Exception {
    return SettingsLoader.parse(
            """
            staffetta.cluster {
              actors.port = 10071
              discovery { method = %s, service-name = %s }
            }
            """
                .formatted(method, name))
        .cluster();
  }

  private static Config config(int nameServer) {
    return ConfigFactory.parseString(
            "pekko.loglevel = WARNING\npekko.io.dns.async-dns.nameservers = [\"127.0.0.1:"
                + nameServer
                + "\"]")
        .withFallback(NodeDiscovery.config())
        .withFallback(ConfigFactory.load());
  }

  /** Two addresses for whatever name is asked for, none of IPv6 (RFC 1035 4.1). */
  private static void answer(DatagramSocket socket) {
    try {
      while (true) {
        DatagramPacket question = new DatagramPacket(new byte[512], 512);
        socket.receive(question);
        ByteBuffer asked = ByteBuffer.wrap(question.getData(), 0, question.getLength());
        int end = 12;
        while (asked.get(end) != 0) {
          end += asked.get(end) + 1;
        }
        end += 5;
        boolean isForIpv4 = asked.getShort(end - 4) == 1;
        ByteBuffer reply = ByteBuffer.allocate(512);
        reply.putShort(asked.getShort(0)).putShort((short) 0x8180).putShort((short) 1);
        reply.putShort((short) (isForIpv4 ? 2 : 0)).putShort((short) 0).putShort((short) 0);
        reply.put(question.getData(), 12, end - 12);
        for (int last : isForIpv4 ? List.of(1, 2) : List.<Integer>of()) {
          reply.putShort((short) 0xC00C).putShort((short) 1).putShort((short) 1).putInt(60);
          reply.putShort((short) 4).put(new byte[] {(byte) 192, 0, 2, (byte) last});
        }
        socket.send(
            new DatagramPacket(reply.array(), reply.position(), question.getSocketAddress()));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }
}
