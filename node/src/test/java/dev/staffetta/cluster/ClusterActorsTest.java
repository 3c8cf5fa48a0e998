package dev.staffetta.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.config.Settings;
import dev.staffetta.config.SettingsLoader;
import org.junit.jupiter.api.Test;

class ClusterActorsTest {
  @Test
  void aHostWithoutAnAddressIsTold() throws Exception {
    Settings settings =
        SettingsLoader.parse("staffetta.cluster.actors.host = no-such-host.invalid");
    assertThatThrownBy(() -> ClusterActors.start(settings))
        .isInstanceOf(CannotJoinException.class)
        .hasMessageContaining("no-such-host.invalid port 0")
        .hasMessageContaining("this name has no address")
        .hasMessageEndingWith("or change staffetta.cluster.actors");
  }
}
