package dev.staffetta.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.config.Service;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OpenConnectionsTest {
  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static int admitted(
      OpenConnections connections, Service service, int max, String client, int attempts) {
    int admitted = 0;
    for (int i = 0; i < attempts; i++) {
      if (connections.admit(service, max, address(client)).isPresent()) {
        admitted++;
      }
    }
    return admitted;
  }

  @Test
  void limitsOneAddressButNotTheNext() {
    OpenConnections connections = new OpenConnections(100, 3);
    assertThat(admitted(connections, Service.SMTP, 100, "192.0.2.1", 5)).isEqualTo(3);
    assertThat(admitted(connections, Service.IMAP, 100, "192.0.2.1", 5)).isZero();
    assertThat(admitted(connections, Service.SMTP, 100, "192.0.2.2", 5)).isEqualTo(3);
  }

  @Test
  void countsANetworkOfIpv6AsOne() {
    OpenConnections connections = new OpenConnections(100, 3);
    assertThat(admitted(connections, Service.SMTP, 100, "2001:db8::1", 2)).isEqualTo(2);
    assertThat(admitted(connections, Service.SMTP, 100, "2001:db8::ffff:2", 2)).isEqualTo(1);
    assertThat(admitted(connections, Service.SMTP, 100, "2001:db8:0:1::1", 2)).isEqualTo(2);
  }

  @Test
  void doesNotCountLoopbackPerAddress() {
    OpenConnections connections = new OpenConnections(100, 3);
    assertThat(admitted(connections, Service.SMTP, 100, "127.0.0.1", 20)).isEqualTo(20);
    assertThat(admitted(connections, Service.SMTP, 100, "::1", 100)).isEqualTo(80);
  }

  @Test
  void limitsAServiceAndAllTogether() {
    OpenConnections connections = new OpenConnections(10, 100);
    assertThat(admitted(connections, Service.SMTP, 6, "127.0.0.1", 8)).isEqualTo(6);
    assertThat(admitted(connections, Service.IMAP, 6, "127.0.0.1", 8)).isEqualTo(4);
    assertThat(connections.count(Service.SMTP)).isEqualTo(6);
    assertThat(connections.total()).isEqualTo(10);
  }

  @Test
  void givesAPlaceToTheNext() {
    OpenConnections connections = new OpenConnections(100, 2);
    List<OpenConnections.Place> places = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 2; i++) {
        places.add(connections.admit(Service.POP3, 2, address("192.0.2.1")).orElseThrow());
      }
      Optional<OpenConnections.Place> third =
          connections.admit(Service.POP3, 2, address("192.0.2.1"));
      assertThat(third).isEmpty();
      places.forEach(OpenConnections.Place::giveBack);
      places.clear();
    }
    assertThat(connections.total()).isZero();
  }

  @Test
  void admitsNoneWhenItStops() {
    OpenConnections connections = new OpenConnections(100, 100);
    assertThat(connections.shutdown().toCompletableFuture()).isDone();
    assertThat(connections.admit(Service.POP3, 2, address("127.0.0.1"))).isEmpty();
  }
}
