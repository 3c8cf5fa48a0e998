package dev.staffetta.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A mailbox as a client knows it that does nothing but believe what it is told (RFC 3501 5.2): a
 * plain list, kept by the untagged responses. It fails when it is told what cannot be.
 */
final class ClientModel {
  private static final Pattern FETCH =
      Pattern.compile("\\* (\\d+) FETCH \\((?:UID (\\d+) )?FLAGS \\(([^)]*)\\)\\)");
  private static final Pattern NUMBER = Pattern.compile("\\* (\\d+) (EXISTS|EXPUNGE|RECENT)");

  /** One message; what the client was not told is empty. */
  static final class Entry {
    Optional<Long> uid = Optional.empty();
    Optional<Set<String>> flags = Optional.empty();

    @Override
    public String toString() {
      return uid.map(String::valueOf).orElse("?") + flags.map(Set::toString).orElse("?");
    }
  }

  final List<Entry> entries = new ArrayList<>();
  int recent;

  /** All is forgotten: the mailbox is selected anew. */
  void reset() {
    entries.clear();
    recent = 0;
  }

  /**
   * Takes untagged responses.
   *
   * @param mayExpunge whether EXPUNGE may be among them
   */
  void take(List<String> lines, boolean mayExpunge) {
    for (String line : lines) {
      Matcher number = NUMBER.matcher(line);
      Matcher fetch = FETCH.matcher(line);
      if (number.matches()) {
        take(number.group(2), Integer.parseInt(number.group(1)), mayExpunge);
      } else if (fetch.matches()) {
        take(fetch);
      } else {
        assertThat(line)
            .as("a line that is known")
            .matches("\\* (FLAGS|OK|SEARCH|LIST|STATUS) .*|\\* SEARCH|\\+ .*|t\\d+ (OK|NO|BAD) .*");
      }
    }
  }

  private void take(String what, int number, boolean mayExpunge) {
    switch (what) {
      case "EXISTS" -> {
        assertThat(number).as("EXISTS").isGreaterThanOrEqualTo(entries.size());
        while (entries.size() < number) {
          entries.add(new Entry());
        }
      }
      case "EXPUNGE" -> {
        assertThat(mayExpunge).as("EXPUNGE now").isTrue();
        assertThat(number).as("EXPUNGE").isBetween(1, entries.size());
        entries.remove(number - 1);
      }
      default -> {
        assertThat(number).as("RECENT").isBetween(0, entries.size());
        recent = number;
      }
    }
  }

  private void take(Matcher fetch) {
    int number = Integer.parseInt(fetch.group(1));
    assertThat(number).as("FETCH").isBetween(1, entries.size());
    Entry entry = entries.get(number - 1);
    if (fetch.group(2) != null) {
      long uid = Long.parseLong(fetch.group(2));
      entry.uid.ifPresent(known -> assertThat(uid).as("UID of %s", number).isEqualTo(known));
      entry.uid = Optional.of(uid);
    }
    entry.flags = Optional.of(flags(fetch.group(3)));
  }

  static Set<String> flags(String text) {
    return Arrays.stream(text.split(" "))
        .filter(flag -> !flag.isEmpty() && !flag.equals("\\Recent"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
