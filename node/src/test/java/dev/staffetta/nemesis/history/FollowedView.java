package dev.staffetta.nemesis.history;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client knows of its selected folder by the responses it was sent, as RFC 9051 tells it to:
 * sequence numbers, UIDs, flags. A response that cannot be is a fault.
 */
public final class FollowedView {
  private static final Pattern NUMBERED =
      Pattern.compile("\\* (\\d+) ([A-Z]+)(.*)", Pattern.DOTALL);
  private static final Pattern UID = Pattern.compile("[( ]UID (\\d+)");
  private static final Pattern FLAGS = Pattern.compile("[( ]FLAGS \\(([^)]*)\\)");

  /** A message by what was told of it so far; UID 0: not told. */
  private static final class Entry {
    long uid;
    Set<String> flags = Set.of();
    boolean hasFlags;
  }

  private final List<Entry> entries = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private boolean mayHearExpunge = true;

  /** A command is sent; FETCH, STORE and SEARCH must not be answered by EXPUNGE (9051 7.5.1). */
  public void commandBegins(String command) {
    mayHearExpunge =
        !(command.startsWith("FETCH")
            || command.startsWith("STORE")
            || command.startsWith("SEARCH"));
  }

  /** The command is answered. */
  public void commandEnds() {
    mayHearExpunge = true;
  }

  /** Takes an untagged response. */
  public void hear(String response) {
    Matcher m = NUMBERED.matcher(response);
    if (!m.matches()) {
      return;
    }
    long number = Long.parseLong(m.group(1));
    switch (m.group(2)) {
      case "EXISTS" -> exists(number, response);
      case "EXPUNGE" -> expunge(number, response);
      case "FETCH" -> fetch(number, response);
      default -> {
        // RECENT tells nothing that is followed here.
      }
    }
  }

  private void exists(long number, String response) {
    if (number < entries.size()) {
      faults.add("'" + response + "' when there were " + entries.size());
    }
    while (entries.size() < number) {
      entries.add(new Entry());
    }
  }

  private void expunge(long number, String response) {
    if (!mayHearExpunge) {
      faults.add("'" + response + "' within FETCH, STORE or SEARCH");
    }
    if (number < 1 || number > entries.size()) {
      faults.add("'" + response + "' when there were " + entries.size());
    } else {
      entries.remove((int) number - 1);
    }
  }

  private void fetch(long number, String response) {
    String shown = response.length() > 120 ? response.substring(0, 120) + "…" : response;
    if (number < 1 || number > entries.size()) {
      faults.add("'" + shown + "' when there were " + entries.size());
      return;
    }
    Entry entry = entries.get((int) number - 1);
    Matcher uid = UID.matcher(response);
    if (uid.find()) {
      long told = Long.parseLong(uid.group(1));
      if (entry.uid != 0 && entry.uid != told) {
        faults.add("'" + shown + "', but number " + number + " had UID " + entry.uid);
      }
      entry.uid = told;
      checkOrder((int) number - 1, shown);
    }
    Matcher flags = FLAGS.matcher(response);
    if (flags.find()) {
      entry.flags = flags.group(1).isEmpty() ? Set.of() : Set.of(flags.group(1).split(" ", -1));
      entry.hasFlags = true;
    }
  }

  private void checkOrder(int index, String response) {
    long uid = entries.get(index).uid;
    if (index > 0 && entries.get(index - 1).uid >= uid) {
      faults.add(
          "'" + response + "', but the message before has UID " + entries.get(index - 1).uid);
    }
    if (index + 1 < entries.size()
        && entries.get(index + 1).uid != 0
        && entries.get(index + 1).uid <= uid) {
      faults.add("'" + response + "', but the message after has UID " + entries.get(index + 1).uid);
    }
  }

  /**
   * The sequence number of the first message whose UID or flags are not known, if there is one.
   *
   * @param isKnown whether the rest is known of a message with this UID
   */
  public OptionalLong firstUnknown(LongPredicate isKnown) {
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (entry.uid == 0 || !entry.hasFlags || !isKnown.test(entry.uid)) {
        return OptionalLong.of(i + 1L);
      }
    }
    return OptionalLong.empty();
  }

  /** How many messages there are. */
  public int size() {
    return entries.size();
  }

  /** Whether this message is there. */
  public boolean has(long uid) {
    return entries.stream().anyMatch(e -> e.uid == uid);
  }

  /** The UIDs known, ascending. */
  public List<Long> uids() {
    return entries.stream().map(e -> e.uid).filter(uid -> uid != 0).toList();
  }

  /** A message's flags without {@code \Recent}, which is no session's to keep. */
  public Set<String> flags(long uid) {
    for (Entry entry : entries) {
      if (entry.uid == uid) {
        Set<String> flags = new java.util.TreeSet<>(entry.flags);
        flags.remove("\\Recent");
        return flags;
      }
    }
    return Set.of();
  }

  /** What was wrong so far; each is told once. */
  public List<String> takeFaults() {
    List<String> taken = List.copyOf(faults);
    faults.clear();
    return taken;
  }
}
