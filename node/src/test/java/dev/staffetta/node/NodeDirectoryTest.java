package dev.staffetta.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeDirectoryTest {
  @TempDir private Path data;

  @Test
  void aDirectoryIsInUseUntilItIsClosed() throws Exception {
    Path path = data.resolve("node1");
    try (NodeDirectory first = NodeDirectory.open(path)) {
      assertThat(first.isNew()).isTrue();
      assertThatThrownBy(() -> NodeDirectory.open(path))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("is in use by process " + ProcessHandle.current().pid());
    }
    try (NodeDirectory second = NodeDirectory.open(path)) {
      assertThat(second.isNew()).isFalse();
    }
  }

  @Test
  void aRunningNodeIsTold() throws Exception {
    Path path = data.resolve("node1");
    NodeDirectory directory = NodeDirectory.open(path);
    directory.writeAdminUrl("http://127.0.0.1:1");
    assertThat(path.resolve("pid")).hasContent(Long.toString(ProcessHandle.current().pid()));
    assertThat(path.resolve("admin-url")).hasContent("http://127.0.0.1:1");
    directory.close();
    assertThat(path.resolve("pid")).doesNotExist();
    assertThat(path.resolve("admin-url")).doesNotExist();
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed() throws Exception {
    Path file = Files.writeString(data.resolve("file"), "");
    assertThatThrownBy(() -> NodeDirectory.open(file.resolve("node1")))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("cannot use the data directory " + file);
  }
}
