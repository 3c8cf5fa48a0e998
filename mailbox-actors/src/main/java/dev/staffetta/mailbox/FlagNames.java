package dev.staffetta.mailbox;

import dev.staffetta.ports.Flags;
import dev.staffetta.ports.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Flags as a command names them, as bits of one mailbox.
 *
 * @param bits of all flags that have one, those in {@code added} included
 * @param added keywords that the mailbox does not have yet, in the order of their bits
 */
record FlagNames(long bits, List<String> added) {
  /** Longest keyword, in characters; RFC 9051 sets no limit. */
  static final int MAX_KEYWORD_LENGTH = 200;

  FlagNames {
    added = List.copyOf(added);
  }

  /**
   * Finds the bits of these flags, giving new keywords the next free ones. Keywords are the same in
   * upper and lower case (RFC 9051 2.3.2).
   *
   * @throws Refusal for a {@code \name} that is no flag, or more keywords than a mailbox can have
   */
  static FlagNames of(Set<String> names, List<String> keywords) {
    long bits = 0;
    List<String> added = new ArrayList<>();
    for (String name : names) {
      OptionalLong system = Flags.system(name);
      if (system.isPresent()) {
        bits |= system.getAsLong();
        continue;
      }
      if (name.startsWith("\\")) {
        throw new Refusal(Refusal.Code.CANNOT, "there is no flag " + name);
      }
      if (name.isEmpty() || name.length() > MAX_KEYWORD_LENGTH) {
        throw new Refusal(
            Refusal.Code.LIMIT, "a keyword has 1 to " + MAX_KEYWORD_LENGTH + " characters");
      }
      int index = indexOf(name, keywords);
      if (index < 0) {
        int among = indexOf(name, added);
        if (among < 0) {
          among = added.size();
          added.add(name);
        }
        index = keywords.size() + among;
        if (index >= Flags.MAX_KEYWORDS) {
          throw new Refusal(
              Refusal.Code.LIMIT, "a mailbox has at most " + Flags.MAX_KEYWORDS + " keywords");
        }
      }
      bits |= Flags.keyword(index);
    }
    return new FlagNames(bits, added);
  }

  /** The bits of those of these flags that the mailbox has: what REMOVE need look at. */
  static long known(Set<String> names, List<String> keywords) {
    long bits = 0;
    for (String name : names) {
      OptionalLong system = Flags.system(name);
      int index = system.isPresent() ? -1 : indexOf(name, keywords);
      bits |= system.orElse(index < 0 ? 0 : Flags.keyword(index));
    }
    return bits;
  }

  private static int indexOf(String name, List<String> keywords) {
    for (int i = 0; i < keywords.size(); i++) {
      if (keywords.get(i).equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }
}
