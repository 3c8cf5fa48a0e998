package dev.staffetta.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which keys there are and of which type, learnt by watching the settings' records read {@code
 * reference.conf}: so a key is declared in two places only, the file that documents it and the
 * record that reads it.
 */
final class SettingsSchema {
  private static final Pattern BARE_NUMBER = Pattern.compile("[0-9]*[1-9][0-9]*(\\.[0-9]+)?");

  private final SortedMap<String, Read> reads = new TreeMap<>();

  private SettingsSchema() {}

  /** A getter that was called, and with what: the path, and perhaps a class or a unit. */
  private record Read(Method getter, List<Object> arguments) {
    String path() {
      return (String) arguments.get(pathIndex());
    }

    Object repeat(Config config, String path) throws Throwable {
      Object[] changed = arguments.toArray();
      changed[pathIndex()] = path;
      return call(getter, config, changed);
    }

    private int pathIndex() {
      return Arrays.asList(getter.getParameterTypes()).indexOf(String.class);
    }
  }

  /** Watches {@code reader} read the reference. */
  static SettingsSchema learn(Config reference, Consumer<Config> reader) {
    SettingsSchema schema = new SettingsSchema();
    reader.accept(schema.watched(reference, ""));
    return schema;
  }

  private Config watched(Config config, String prefix) {
    InvocationHandler watcher =
        (proxy, method, arguments) -> {
          if (arguments == null || !method.getName().startsWith("get")) {
            return call(method, config, arguments);
          }
          Read read = new Read(method, List.of(arguments));
          String path = prefix + read.path();
          if (method.getName().equals("getConfig")) {
            return watched(config.getConfig(read.path()), path + ".");
          }
          reads.put(path, read);
          return call(method, config, arguments);
        };
    return (Config)
        Proxy.newProxyInstance(
            Config.class.getClassLoader(), new Class<?>[] {Config.class}, watcher);
  }

  private static Object call(Method method, Config config, Object[] arguments) throws Throwable {
    try {
      return method.invoke(config, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** All keys that have a value, by their full path. */
  Iterable<String> keys() {
    return reads.keySet();
  }

  /** Whether this path has a value of a known type, so that it need not be looked into. */
  boolean isKey(String path) {
    return reads.containsKey(path);
  }

  /** Whether keys are known below this path. */
  boolean isSection(String path) {
    return reads.keySet().stream().anyMatch(key -> key.startsWith(path + "."));
  }

  /** What may stand directly below a section; the empty path is the root. */
  SortedMap<String, String> namesBelow(String section) {
    String prefix = section.isEmpty() ? "" : section + ".";
    SortedMap<String, String> names = new TreeMap<>();
    for (String key : reads.keySet()) {
      if (key.startsWith(prefix)) {
        String name = key.substring(prefix.length()).replaceFirst("\\..*", "");
        names.put(name, prefix + name);
      }
    }
    return names;
  }

  /** What is wrong with the type of a key's value; empty: nothing. */
  Optional<String> typeProblem(Config config, String path, ConfigValue value) {
    Read read = reads.get(path);
    Optional<String> strict = strictProblem(read, value);
    if (strict.isPresent()) {
      return strict;
    }
    try {
      read.repeat(config, path);
      return Optional.empty();
    } catch (ConfigException e) {
      return Optional.of(mustBe(read, value));
    } catch (Throwable e) {
      throw new IllegalStateException("cannot read " + path, e);
    }
  }

  /** What HOCON's getters would take but is more likely a mistake. */
  private static Optional<String> strictProblem(Read read, ConfigValue value) {
    String getter = read.getter().getName();
    boolean isNumber = value.valueType() == ConfigValueType.NUMBER;
    Object plain = value.unwrapped();
    if (getter.equals("getDuration") && BARE_NUMBER.matcher(String.valueOf(plain)).matches()) {
      return Optional.of(mustBe(read, value) + "; write its unit");
    }
    boolean isWhole = getter.equals("getInt") || getter.equals("getLong");
    if (isWhole && isNumber && ((Number) plain).doubleValue() % 1 != 0) {
      return Optional.of(mustBe(read, value));
    }
    return Optional.empty();
  }

  private static String mustBe(Read read, ConfigValue value) {
    return "must be " + allowed(read) + ", not " + written(value);
  }

  private static String allowed(Read read) {
    return switch (read.getter().getName()) {
      case "getInt", "getLong" -> "a whole number";
      case "getDouble", "getNumber" -> "a number";
      case "getBoolean" -> "true or false";
      case "getString" -> "a text";
      case "getDuration" -> "a duration such as 500ms, 30s or 5m";
      case "getBytes", "getMemorySize" -> "a size such as 512, 64k or 50M";
      case "getStringList" -> "a list of texts such as [\"a\", \"b\"]";
      case "getObject" -> "a section in { }";
      case "getIntList", "getLongList" -> "a list of whole numbers such as [1, 2]";
      case "getEnum" ->
          "one of "
              + Arrays.stream(((Class<?>) read.arguments().get(0)).getEnumConstants())
                  .map(Object::toString)
                  .collect(Collectors.joining(", "));
      default ->
          "of another type (" + read.getter().getName().substring(3).toLowerCase(Locale.ROOT) + ")";
    };
  }

  private static String written(ConfigValue value) {
    return switch (value.valueType()) {
      case OBJECT -> "a section in { }";
      case LIST -> "a list in [ ]";
      case NULL -> "null";
      case STRING, NUMBER, BOOLEAN -> "'" + value.unwrapped() + "'";
    };
  }
}
