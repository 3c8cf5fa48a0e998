package dev.staffetta.config;

/**
 * One thing wrong with a settings file.
 *
 * @param place file and line, or the environment variable, that the value came from
 * @param key full name of the key; empty when no key can be named
 * @param explanation what is wrong and what would be right
 */
public record SettingsProblem(String place, String key, String explanation) {
  /** {@code file:line: key: explanation}. */
  @Override
  public String toString() {
    return place + ": " + (key.isEmpty() ? "" : key + ": ") + explanation;
  }
}
