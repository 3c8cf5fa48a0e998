package dev.staffetta.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Bytes that some version wrote, kept as files of hexadecimal digits: {@code
 * golden/TOPIC/MANIFEST}. They are never changed; a new form gets a new file.
 */
public final class GoldenFiles {
  private GoldenFiles() {}

  /**
   * Every form has its file, and from it comes what was written, and nothing is lost on the way.
   *
   * @param values for each manifest what its file holds
   */
  public static void assertAllAreRead(
      String topic, VersionedSerializer serializer, Map<String, Object> values) {
    assertThat(values.keySet()).isEqualTo(serializer.manifests());
    Set<String> missing = new TreeSet<>();
    values.forEach(
        (manifest, value) -> {
          try (InputStream file =
              GoldenFiles.class.getResourceAsStream("/golden/" + topic + "/" + manifest)) {
            if (file == null) {
              missing.add(manifest + " " + hex(serializer.toBinary(value)));
              return;
            }
            String golden = new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip();
            Object read = serializer.fromBinary(HexFormat.of().parseHex(golden), manifest);
            assertThat(read).as(manifest).hasSameClassAs(value);
            // What cannot be told by equals is told by its bytes.
            assertThat(hex(serializer.toBinary(read)))
                .as(manifest)
                .isEqualTo(hex(serializer.toBinary(value)));
          } catch (NotSerializableException e) {
            throw new AssertionError(e);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    assertThat(missing).as("golden files that are to be added").isEmpty();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
