package dev.staffetta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterSettingsTest {
  @Test
  void seedsAreReadInTheirOrder() throws Exception {
    Settings settings =
        SettingsLoader.parse(
            "staffetta.cluster { actors.port = 10071"
                + ", seed-nodes = [\"mail2.example.com:10071\", \"[2001:db8::1]:10071\"] }");
    assertThat(settings.cluster().seedNodes())
        .containsExactly(
            new NodeAddress("mail2.example.com", 10_071), new NodeAddress("2001:db8::1", 10_071));
    assertThat(settings.cluster().seedNodes()).asString().contains("[2001:db8::1]:10071");
    assertThat(settings.cluster().tls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mail", "mail:", ":25", "mail:0", "mail:65536", "2001:db8::1:25", "a b:25"})
  void whatIsNoAddressIsRefused(String written) {
    assertThatThrownBy(() -> NodeAddress.parse(written))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not '" + written + "'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seed-nodes = [\"a:1\"] | actors.port must not be 0",
        "actors.host = 0.0.0.0 | that other nodes can reach",
        "tls.certificate = node.crt | all of certificate, key and ca",
        "seed-nodes = [\"a:1\", \"a:1\"] | twice",
        "discovery.method = DNS | service-name must be set",
        "failures.acceptable-pause = 100ms | more than failures.heartbeat-interval",
      })
  void whatCannotBeIsNamed(String line, String problem) {
    assertThatThrownBy(() -> SettingsLoader.parse("staffetta.cluster { " + line + " }"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(problem);
  }
}
