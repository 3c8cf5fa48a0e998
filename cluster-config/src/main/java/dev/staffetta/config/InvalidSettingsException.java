package dev.staffetta.config;

import java.util.List;
import java.util.stream.Collectors;

/** Settings that a node cannot start with: everything that is wrong with them, at once. */
public final class InvalidSettingsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<SettingsProblem> problems;

  InvalidSettingsException(List<SettingsProblem> problems) {
    super(problems.stream().map(SettingsProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** At least one, in the order of the file. */
  public List<SettingsProblem> problems() {
    return problems;
  }
}
