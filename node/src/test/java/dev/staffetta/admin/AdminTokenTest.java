package dev.staffetta.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {
  @TempDir private Path directory;

  @Test
  void aNewTokenIsReadableByItsOwnerOnly() throws Exception {
    Path file = directory.resolve("new/admin-token");
    AdminToken token = AdminToken.readOrCreate(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file).strip()).isEqualTo(token.value()).hasSize(64);
    try (var left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void aTokenStays() throws Exception {
    Path file = directory.resolve("admin-token");
    assertThat(AdminToken.readOrCreate(file).value())
        .isEqualTo(AdminToken.readOrCreate(file).value());
  }

  @Test
  void onlyTheTokenMatches() throws Exception {
    Path file = Files.writeString(directory.resolve("admin-token"), "secret\n");
    AdminToken token = AdminToken.readOrCreate(file);
    assertThat(token.matches("secret")).isTrue();
    assertThat(token.matches("secreT")).isFalse();
    assertThat(token.matches("secre")).isFalse();
    assertThat(token.matches("")).isFalse();
  }

  @Test
  void anEmptyFileIsNoToken() throws Exception {
    Path file = Files.writeString(directory.resolve("admin-token"), "\n");
    assertThatThrownBy(() -> AdminToken.readOrCreate(file)).hasMessageContaining("is empty");
  }
}
