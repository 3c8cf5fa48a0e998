package dev.staffetta.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Reads a node's settings file over the defaults of {@code reference.conf}, strictly: an unknown
 * key, a value of another type or out of its range is a problem with file, line and what is
 * allowed, and all problems are told at once.
 *
 * <p>Whatever HOCON has may be used: substitutions of the environment ({@code ${?SMTP_PORT}}),
 * {@code include}, comments.
 */
public final class SettingsLoader {
  private final Config reference;
  private final Consumer<Config> reader;
  private final SettingsSchema schema;

  /**
   * @param reference every key with its default
   * @param reader reads all sections, and throws IllegalArgumentException where a value is out of
   *     its range
   */
  SettingsLoader(Config reference, Consumer<Config> reader) {
    this.reference = reference;
    this.reader = reader;
    this.schema = SettingsSchema.learn(reference, reader);
  }

  /** The defaults alone. */
  public static Settings defaults() {
    return Settings.from(Settings.reference());
  }

  /** The settings of a file, checked. */
  public static Settings load(Path file) throws InvalidSettingsException {
    Config reference = Settings.reference();
    return Settings.from(new SettingsLoader(reference, Settings::from).read(file));
  }

  /** The settings of a text in HOCON, checked: for what a program writes. */
  public static Settings parse(String hocon) throws InvalidSettingsException {
    Config reference = Settings.reference();
    SettingsLoader loader = new SettingsLoader(reference, Settings::from);
    return Settings.from(loader.checked(ConfigFactory.parseString(hocon), "settings"));
  }

  Config read(Path file) throws InvalidSettingsException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      String why = Files.exists(file) ? "cannot be read as a file" : "no such file";
      throw invalid(new SettingsProblem(file.toString(), "", why));
    }
    Config parsed;
    try {
      parsed =
          ConfigFactory.parseFile(
              file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
    } catch (ConfigException e) {
      throw invalid(problem(file.toString(), e));
    }
    return checked(parsed, file.toString());
  }

  /** What is under {@code staffetta}, every key present. */
  private Config checked(Config parsed, String name) throws InvalidSettingsException {
    Config own;
    try {
      own = parsed.resolveWith(parsed.withFallback(reference.atPath(Settings.ROOT)));
    } catch (ConfigException e) {
      throw invalid(problem(name, e));
    }
    List<SettingsProblem> problems = new ArrayList<>();
    for (Map.Entry<String, ConfigValue> entry : own.root().entrySet()) {
      if (!entry.getKey().equals(Settings.ROOT)) {
        problems.add(
            new SettingsProblem(
                place(entry.getValue(), name),
                entry.getKey(),
                "unknown key; all settings are inside 'staffetta { }'"));
      } else if (entry.getValue().valueType() != ConfigValueType.OBJECT) {
        problems.add(
            new SettingsProblem(
                place(entry.getValue(), name), Settings.ROOT, "must be a section in { }"));
      } else {
        Walk walk = new Walk(own.getConfig(Settings.ROOT), name, problems);
        walk.section("", (ConfigObject) entry.getValue());
      }
    }
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(SettingsLoader::line));
      throw new InvalidSettingsException(problems);
    }
    Config merged =
        own.hasPath(Settings.ROOT)
            ? own.getConfig(Settings.ROOT).withFallback(reference)
            : reference;
    checkTogether(merged, name);
    return merged;
  }

  /** What each value alone passed may still be wrong together: a minimum above its maximum. */
  private void checkTogether(Config merged, String name) throws InvalidSettingsException {
    try {
      reader.accept(merged);
    } catch (ConfigException | IllegalArgumentException e) {
      throw invalid(new SettingsProblem(name, "", e.getMessage()));
    }
  }

  /** One file's way through its keys, gathering problems. */
  private final class Walk {
    private final Config own;
    private final String name;
    private final List<SettingsProblem> problems;

    Walk(Config own, String name, List<SettingsProblem> problems) {
      this.own = own;
      this.name = name;
      this.problems = problems;
    }

    void section(String path, ConfigObject section) {
      for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
        String below = (path.isEmpty() ? "" : path + ".") + ConfigUtil.joinPath(entry.getKey());
        ConfigValue value = entry.getValue();
        if (schema.isKey(below)) {
          value(below, value);
        } else if (!schema.isSection(below)) {
          add(below, value, unknown(path, entry.getKey()));
        } else if (value instanceof ConfigObject inner) {
          section(below, inner);
        } else {
          add(below, value, "must be a section in { } with " + names(below));
        }
      }
    }

    private void value(String path, ConfigValue value) {
      Optional<String> ofType = schema.typeProblem(own, path, value);
      ofType.or(() -> rangeProblem(path, value)).ifPresent(problem -> add(path, value, problem));
    }

    /** Reads the defaults with this one value changed, so that a problem can be only its. */
    private Optional<String> rangeProblem(String path, ConfigValue value) {
      try {
        reader.accept(reference.withValue(path, value));
        return Optional.empty();
      } catch (ConfigException | IllegalArgumentException e) {
        return Optional.of(withoutKey(path, e.getMessage()));
      }
    }

    /** A record may name the key in its sentence; the problem names it already. */
    private static String withoutKey(String path, String message) {
      String start = message.substring(0, Math.max(0, message.indexOf(' ')));
      return !start.isEmpty() && ("." + path).endsWith("." + start)
          ? message.substring(start.length() + 1)
          : message;
    }

    private String unknown(String section, String key) {
      String known = "unknown key; allowed here: " + names(section);
      return NearMiss.of(key, schema.namesBelow(section).keySet())
          .map(
              meant -> "unknown key, did you mean '" + meant + "'? Allowed here: " + names(section))
          .orElse(known);
    }

    private String names(String section) {
      return schema.namesBelow(section).keySet().stream().collect(Collectors.joining(", "));
    }

    private void add(String path, ConfigValue value, String explanation) {
      problems.add(
          new SettingsProblem(place(value, name), Settings.ROOT + "." + path, explanation));
    }
  }

  /** File and line, or whatever else the value came from. */
  private static String place(ConfigValue value, String name) {
    ConfigOrigin origin = value.origin();
    if (origin.lineNumber() < 1) {
      return name + " (" + origin.description() + ")";
    }
    String file = Optional.ofNullable(origin.filename()).orElse(name);
    return file + ":" + origin.lineNumber();
  }

  private static int line(SettingsProblem problem) {
    String afterColon = problem.place().substring(problem.place().lastIndexOf(':') + 1);
    return afterColon.matches("[0-9]{1,9}") ? Integer.parseInt(afterColon) : 0;
  }

  private static SettingsProblem problem(String name, ConfigException e) {
    int line = e.origin() == null ? 0 : e.origin().lineNumber();
    // The message starts with the origin, which the place says already.
    String message = e.getMessage().replaceFirst("^.*?: [0-9]+: ", "");
    return new SettingsProblem(line < 1 ? name : name + ":" + line, "", message);
  }

  private static InvalidSettingsException invalid(SettingsProblem problem) {
    return new InvalidSettingsException(List.of(problem));
  }
}
