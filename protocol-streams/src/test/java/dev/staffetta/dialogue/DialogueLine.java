package dev.staffetta.dialogue;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.pekko.util.ByteString;

/** One line of a script, or one block of lines in any order. */
sealed interface DialogueLine {
  /** The line of the file, from 1. */
  int number();

  /** Whose connection, from 1. */
  int connection();

  record Send(int number, int connection, ByteString bytes) implements DialogueLine {}

  record Expect(int number, int connection, Expected line) implements DialogueLine {}

  /** Any number of these, up to the first that matches the expectation after it. */
  record ExpectSome(int number, int connection, Expected line) implements DialogueLine {}

  record ExpectAll(int number, int connection, List<Expected> lines) implements DialogueLine {}

  record ClientCloses(int number, int connection) implements DialogueLine {}

  record ServerCloses(int number, int connection) implements DialogueLine {}

  record StartTls(int number, int connection) implements DialogueLine {}

  /**
   * What a line of the server must be.
   *
   * @param text as the script has it
   */
  record Expected(String text, Pattern pattern) {
    static Expected of(String text) {
      StringBuilder regex = new StringBuilder();
      for (String part : text.split("…", -1)) {
        regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
      }
      return new Expected(text, Pattern.compile(regex.toString(), Pattern.DOTALL));
    }

    boolean matches(String line) {
      return pattern.matcher(line).matches();
    }
  }
}
