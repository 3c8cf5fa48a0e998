package dev.staffetta.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.config.SettingsLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When nodes may talk without TLS. */
class LinkSecurityTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "staffetta.cluster { actors { host = localhost, port = 1 }, seed-nodes = [\"[::1]:2\"] }",
        "staffetta.cluster { actors.host = mail1.example.com, allow-plaintext = true }",
        "staffetta.cluster { actors.host = 192.0.2.1, tls { certificate = a, key = b, ca = c } }",
      })
  void theseMay(String settings) throws Exception {
    assertThat(LinkSecurity.objection(SettingsLoader.parse(settings))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "staffetta.cluster.actors.host = 192.0.2.1 | cluster.actors.host is 192.0.2.1",
        "staffetta.cluster.actors.bind-address = 0.0.0.0 | cluster.actors.bind-address is 0.0.0.0",
        "staffetta.store.raft.host = mail1.example.com | store.raft.host is mail1.example.com",
        "staffetta.cluster { actors.port = 1, seed-nodes = [\"127.1.example.com:1\"] }"
            + " | cluster.seed-nodes is 127.1.example.com",
      })
  void theseMayNotAndAreToldWhatToSet(String settings, String named) throws Exception {
    assertThat(LinkSecurity.objection(SettingsLoader.parse(settings)).orElseThrow())
        .startsWith(named)
        .contains("cluster.tls.certificate")
        .contains("cluster.allow-plaintext = true");
  }

  @Test
  void theDefaultsStayOnTheMachine() {
    assertThat(LinkSecurity.objection(SettingsLoader.defaults())).isEmpty();
  }
}
