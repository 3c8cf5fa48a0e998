package dev.staffetta.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.config.NodeAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of those who were seen. */
class KnownMembersTest {
  private static final NodeAddress A = new NodeAddress("a.example.com", 1);
  private static final NodeAddress B = new NodeAddress("2001:db8::1", 2);
  private static final NodeAddress C = new NodeAddress("c.example.com", 3);

  @TempDir private Path directory;

  @Test
  void whoWasSeenIsKnownAfterARestartAtItsLastAddress() {
    KnownMembers members = KnownMembers.in(directory);
    assertThat(members.addresses()).isEmpty();
    members.seen(Map.of("a", A));
    members.seen(Map.of("b", B));
    members.seen(Map.of("a", C));
    assertThat(KnownMembers.in(directory).addresses()).containsExactly(C, B);
  }

  @Test
  void theOldestAreForgotten() {
    KnownMembers members = KnownMembers.in(directory);
    members.seen(Map.of("oldest", A));
    Map<String, NodeAddress> many = new LinkedHashMap<>();
    for (int i = 0; i < 40; i++) {
      many.put("node" + i, new NodeAddress("host" + i, 1));
    }
    members.seen(many);
    assertThat(KnownMembers.in(directory).addresses()).hasSize(32).doesNotContain(A);
  }

  @Test
  void aDamagedLineIsPassedOver() throws Exception {
    Files.writeString(directory.resolve("members"), "rubbish\nb nowhere\na a.example.com:1\n");
    assertThat(KnownMembers.in(directory).addresses()).containsExactly(A);
  }
}
