package dev.staffetta.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
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
    Walk walk = new Walk(own, name);
    own.root().forEach(walk::root);
    Config sound = walk.withoutUnsound().withFallback(reference);
    List<SettingsProblem> problems = walk.problems;
    problems.addAll(rangeProblems(sound, walk.values, name));
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(SettingsLoader::line));
      throw new InvalidSettingsException(problems);
    }
    return sound;
  }

  /**
   * What is wrong with values whose types are right: as long as all of them together cannot be
   * read, the one without which there is another complaint, or none, is a culprit, and is left out.
   */
  private List<SettingsProblem> rangeProblems(
      Config all, Map<String, ConfigValue> values, String name) {
    List<SettingsProblem> problems = new ArrayList<>();
    Map<String, ConfigValue> suspects = new LinkedHashMap<>(values);
    Config rest = all;
    Optional<String> complaint = complaint(rest);
    while (complaint.isPresent()) {
      Optional<String> culprit = culprit(rest, suspects.keySet(), complaint);
      if (culprit.isEmpty()) {
        problems.add(new SettingsProblem(name, "", complaint.get()));
        return problems;
      }
      String path = culprit.get();
      problems.add(
          new SettingsProblem(
              place(suspects.remove(path), name),
              Settings.ROOT + "." + path,
              withoutKey(path, complaint.get())));
      rest = rest.withValue(path, reference.getValue(path));
      complaint = complaint(rest);
    }
    return problems;
  }

  private Optional<String> culprit(
      Config all, Collection<String> suspects, Optional<String> complaint) {
    Optional<String> rule = complaint.map(SettingsLoader::rule);
    return suspects.stream()
        .filter(
            path ->
                !complaint(all.withValue(path, reference.getValue(path)))
                    .map(SettingsLoader::rule)
                    .equals(rule))
        .findFirst();
  }

  /** Which rule was broken, without the value that broke it. */
  private static String rule(String complaint) {
    return complaint.replaceFirst(",? not .*", "");
  }

  /** What the settings' records say against the values; empty: nothing. */
  private Optional<String> complaint(Config all) {
    try {
      reader.accept(all);
      return Optional.empty();
    } catch (ConfigException | IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** A record may name the key in its sentence; the problem names it already. */
  private static String withoutKey(String path, String message) {
    String start = message.substring(0, Math.max(0, message.indexOf(' ')));
    return !start.isEmpty() && ("." + path).endsWith("." + start)
        ? message.substring(start.length() + 1)
        : message;
  }

  /** One file's way through its keys, gathering what is wrong with names and types. */
  private final class Walk {
    private final Config own;
    private final String name;
    private final List<SettingsProblem> problems = new ArrayList<>();

    /** Values of the right type, by path. */
    private final Map<String, ConfigValue> values = new LinkedHashMap<>();

    Walk(Config own, String name) {
      this.own = own;
      this.name = name;
    }

    void root(String key, ConfigValue value) {
      if (!key.equals(Settings.ROOT)) {
        problems.add(
            new SettingsProblem(
                place(value, name), key, "unknown key; all settings are inside 'staffetta { }'"));
      } else if (value instanceof ConfigObject section) {
        section("", section);
      } else {
        problems.add(
            new SettingsProblem(place(value, name), Settings.ROOT, "must be a section in { }"));
      }
    }

    /** The file's values of known keys and right types. */
    Config withoutUnsound() {
      Config sound = ConfigFactory.empty();
      for (Map.Entry<String, ConfigValue> entry : values.entrySet()) {
        sound = sound.withValue(entry.getKey(), entry.getValue());
      }
      return sound;
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
      Optional<String> problem = schema.typeProblem(own.getConfig(Settings.ROOT), path, value);
      if (problem.isPresent()) {
        add(path, value, problem.get());
      } else {
        values.put(path, value);
      }
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
