package dev.staffetta.system;

import static dev.staffetta.system.RunningMailSystem.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.dkim.DkimAlgorithm;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.DkimKeys;
import dev.staffetta.ports.Refusal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of a domain from their making to a signature, over a restart. */
class DkimKeysTest {
  private static final ByteString MESSAGE =
      ByteString.fromString("From: alice@example.com\r\n\r\nhello\r\n");

  @Test
  void aDomainSignsWithItsKeyAfterARestartToo(@TempDir Path directory) {
    try (RunningMailSystem running = new RunningMailSystem(directory)) {
      Directory admin = running.mail().directory();
      assertThatThrownBy(() -> await(admin.dkimKeys("example.com"))).isInstanceOf(Refusal.class);
      await(admin.addDomain("example.com"));
      DkimKeys.Key key =
          await(admin.addDkimKey("Example.com", Optional.of("One"), DkimAlgorithm.RSA_SHA256));
      assertThat(key.name()).isEqualTo("one._domainkey.example.com");
      assertThat(key.isActive()).isTrue();
      assertThat(key.record()).startsWith("v=DKIM1; k=rsa; p=MII");
      assertThatThrownBy(
              () ->
                  await(
                      admin.addDkimKey(
                          "example.com", Optional.of("a b"), DkimAlgorithm.RSA_SHA256)))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("selector");
    }
    try (RunningMailSystem running = new RunningMailSystem(directory)) {
      Directory admin = running.mail().directory();
      DkimKeys.Key second =
          await(admin.addDkimKey("example.com", Optional.empty(), DkimAlgorithm.ED25519_SHA256));
      assertThat(second.selector()).matches("ed25519[0-9]{8}");
      assertThat(sign(running, "example.com"))
          .get()
          .asString()
          .contains("s=one;", "s=" + second.selector() + ";", "d=example.com;");
      assertThat(sign(running, "elsewhere.example")).isEmpty();
      await(admin.removeDkimKey("example.com", "one"));
      assertThat(await(admin.dkimKeys("example.com"))).isEqualTo(List.of(second));
      assertThatThrownBy(() -> await(admin.removeDkimKey("example.com", "one")))
          .isInstanceOf(Refusal.class);
    }
  }

  private static Optional<String> sign(RunningMailSystem running, String domain) {
    return await(running.mail().signatures().sign(domain, Source.single(MESSAGE)))
        .map(ByteString::utf8String);
  }
}
