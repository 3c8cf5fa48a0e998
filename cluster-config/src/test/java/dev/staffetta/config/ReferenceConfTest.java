package dev.staffetta.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceConfTest {
  private final Config reference = Settings.reference();

  @Test
  void everyKeyHasAComment() {
    List<String> bare = new ArrayList<>();
    walk("", reference.root(), bare, new ArrayList<>());
    assertThat(bare).as("keys of reference.conf without a comment above them").isEmpty();
  }

  @Test
  void everyKeyIsReadByARecordOfSettings() {
    List<String> keys = new ArrayList<>();
    walk("", reference.root(), new ArrayList<>(), keys);
    SettingsSchema schema = SettingsSchema.learn(reference, Settings::from);
    assertThat(keys)
        .as(
            "keys of reference.conf that no record reads: add the section's record to Settings.java")
        .allMatch(schema::isKey);
    assertThat(schema.keys()).as("keys read, all in reference.conf").isNotEmpty();
  }

  @Test
  void theDefaultsAreValid() {
    assertThat(SettingsLoader.defaults().node().name()).isEqualTo("node1");
  }

  private static void walk(
      String path, ConfigObject section, List<String> bare, List<String> keys) {
    for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
      String below = (path.isEmpty() ? "" : path + ".") + ConfigUtil.joinPath(entry.getKey());
      ConfigValue value = entry.getValue();
      if (value.origin().comments().stream().allMatch(String::isBlank)) {
        bare.add(below);
      }
      if (value.valueType() == ConfigValueType.OBJECT) {
        walk(below, (ConfigObject) value, bare, keys);
      } else {
        keys.add(below);
      }
    }
  }
}
