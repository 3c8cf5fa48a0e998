package dev.staffetta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLoaderTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "staffetta.admin.prot = 1 | staffetta.admin.prot: unknown key, did you mean 'port'? Allowed here: host,",
        "staffetta.admin.zzzzzz = 1 | staffetta.admin.zzzzzz: unknown key; allowed here: host, idle-timeout,",
        "staffetta.admni.port = 1 | staffetta.admni: unknown key, did you mean 'admin'?",
        "admin.port = 1 | admin: unknown key; all settings are inside 'staffetta { }'",
        "staffetta = 5 | staffetta: must be a section in { }",
        "staffetta.admin = 5 | staffetta.admin: must be a section in { } with host,",
        "staffetta.admin.port = many | staffetta.admin.port: must be a whole number, not 'many'",
        "staffetta.admin.port = 1.5 | staffetta.admin.port: must be a whole number, not '1.5'",
        "staffetta.admin.port = null | staffetta.admin.port: must be a whole number, not null",
        "staffetta.admin.port = [1] | staffetta.admin.port: must be a whole number, not a list in [ ]",
        "staffetta.admin.port { a = 1 } | staffetta.admin.port: must be a whole number, not a section in { }",
        "staffetta.admin.port = 70000 | staffetta.admin.port: must be a port from 0 to 65535, not 70000",
        "staffetta.admin.port = 99999999999 | staffetta.admin.port: must be a whole number, not '99999999999'",
        "staffetta.admin.host = {} | staffetta.admin.host: must be a text, not a section in { }",
        "staffetta.admin.idle-timeout = 30 | staffetta.admin.idle-timeout: must be a duration such as 500ms, 30s or 5m, not '30'; write its unit",
        "staffetta.admin.idle-timeout = soon | staffetta.admin.idle-timeout: must be a duration such as 500ms, 30s or 5m, not 'soon'",
        "staffetta.admin.idle-timeout = 1ms | staffetta.admin.idle-timeout: must be at least 1s, not PT0.001S",
        "staffetta.admin.max-request-size = huge | staffetta.admin.max-request-size: must be a size such as 512, 64k or 50M, not 'huge'",
        "staffetta.node.host-name = no_host | staffetta.node.host-name: must be a host name such as mail.example.com, not 'no_host'",
        "staffetta.node.name = Node_1 | staffetta.node.name: must be 1 to 32 lower-case letters",
      })
  void aWrongKeyIsNamedWithFileAndLineAndWhatIsAllowed(String line, String problem)
      throws IOException {
    Path file = write("# a comment\n\n" + line + "\n");
    InvalidSettingsException refused = refusal(file);
    assertThat(refused.problems()).hasSize(1);
    assertThat(refused.getMessage()).startsWith(file + ":3: " + problem);
  }

  @Test
  void allProblemsAreToldAtOnceInTheOrderOfTheFile() throws IOException {
    Path file =
        write(
            """
            staffetta {
              node.name = "NODE"
              admin {
                prt = 5
                port = x
              }
            }
            """);
    assertThat(refusal(file).problems())
        .extracting(SettingsProblem::key)
        .containsExactly("staffetta.node.name", "staffetta.admin.prt", "staffetta.admin.port");
  }

  @Test
  void valuesThatAreRightOnlyTogetherAreTaken() throws Exception {
    Settings settings =
        SettingsLoader.load(
            write("staffetta.store.disk { stop-below-bytes = 1T, refuse-below-bytes = 2T }"));
    assertThat(settings.store().disk().stopBelowBytes()).isEqualTo(1L << 40);
  }

  @Test
  void ofValuesThatAreWrongOnlyTogetherOneIsNamed() throws IOException {
    Path file =
        write(
            """
            staffetta {
              admin.port = 70000
              store.disk {
                stop-below-bytes = 2T
                refuse-below-bytes = 1T
              }
              node.name = "?"
            }
            """);
    assertThat(refusal(file).problems())
        .extracting(SettingsProblem::key)
        .containsExactly(
            "staffetta.admin.port", "staffetta.store.disk.stop-below-bytes", "staffetta.node.name");
  }

  @Test
  void aSyntaxErrorIsToldWithItsLine() throws IOException {
    Path file = write("staffetta {\n  admin.port = [1\n}\n");
    assertThat(refusal(file).getMessage()).startsWith(file + ":3: ");
  }

  @Test
  void aMissingFileIsAProblem() {
    Path file = directory.resolve("none.conf");
    assertThatThrownBy(() -> SettingsLoader.load(file)).hasMessage(file + ": no such file");
  }

  @Test
  void anUnsetVariableThatIsNotOptionalIsAProblem() throws IOException {
    Path file = write("\nstaffetta.admin.port = ${STAFFETTA_SURELY_UNSET}\n");
    assertThat(refusal(file).getMessage())
        .startsWith(file + ":2: ")
        .contains("STAFFETTA_SURELY_UNSET");
  }

  @Test
  void whatTheFileDoesNotNameKeepsItsDefault() throws Exception {
    Settings settings = SettingsLoader.load(write("staffetta.admin.port = 0"));
    assertThat(settings.admin().port()).isZero();
    assertThat(settings.admin().host()).isEqualTo("127.0.0.1");
  }

  @Test
  void anEmptyFileGivesTheDefaults() throws Exception {
    assertThat(SettingsLoader.load(write(""))).isEqualTo(SettingsLoader.defaults());
  }

  @Test
  void theEnvironmentCanBeSubstituted() throws Exception {
    String path = System.getenv("PATH");
    Settings settings =
        SettingsLoader.load(write("staffetta.admin { host = ${PATH}, port = ${?NO_SUCH_PORT} }"));
    assertThat(settings.admin().host()).isEqualTo(path);
    assertThat(settings.admin().port()).isEqualTo(10_080);
  }

  @Test
  void aKeyMayReferToAnotherSettingOrItsDefault() throws Exception {
    Settings settings =
        SettingsLoader.load(write("staffetta.admin.token-file = ${staffetta.node.name}\"-token\""));
    assertThat(settings.admin().tokenFile()).isEqualTo(Path.of("node1-token"));
  }

  @Test
  void durationsAndSizesHaveUnits() throws Exception {
    Settings settings =
        SettingsLoader.load(
            write("staffetta.admin { idle-timeout = 5m, max-request-size = 128k }"));
    assertThat(settings.admin().idleTimeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.admin().maxRequestSizeInBytes()).isEqualTo(128 * 1024);
  }

  @Test
  void anIncludedFileIsNamedInItsProblems() throws IOException {
    Files.writeString(directory.resolve("more.conf"), "\n\nstaffetta.admin.port = x\n");
    Path file = write("include \"more.conf\"\n");
    assertThat(refusal(file).getMessage()).contains("more.conf:3: staffetta.admin.port:");
  }

  private InvalidSettingsException refusal(Path file) {
    return catchThrowableOfType(InvalidSettingsException.class, () -> SettingsLoader.load(file));
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("staffetta.conf"), text);
  }
}
