package dev.staffetta.crash;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Holds what is in the folders against what clients were told. Remembers over all rounds what it
 * once saw: a UID names one message for ever, UIDNEXT and UIDVALIDITY do not go back.
 */
final class Checker {
  /** A folder as SELECT showed it. */
  record FolderState(long uidValidity, long uidNext, List<Sighting> messages) {}

  private final Map<String, FolderState> last = new HashMap<>();
  private final Map<String, String> tokenOfUid = new HashMap<>();

  /** Every promise that is broken, as a sentence; empty when all hold. */
  List<String> violations(Collection<Letter> letters, Map<String, FolderState> folders) {
    List<String> broken = new ArrayList<>();
    folders.forEach((name, state) -> checkFolder(name, state, broken));
    Map<String, List<Sighting>> byToken =
        folders.values().stream()
            .flatMap(f -> f.messages().stream())
            .collect(Collectors.groupingBy(Sighting::token));
    for (Letter letter : letters) {
      checkLetter(letter, byToken.getOrDefault(letter.token, List.of()), broken);
    }
    Map<String, Letter> known = letters.stream().collect(Collectors.toMap(l -> l.token, l -> l));
    byToken.keySet().stream()
        .filter(token -> !known.containsKey(token))
        .forEach(token -> broken.add("a message nobody sent: " + byToken.get(token)));
    return broken;
  }

  /** Takes what was seen as the past against which the next round is held. */
  void remember(Map<String, FolderState> folders) {
    last.putAll(folders);
    folders.forEach(
        (name, state) ->
            state.messages().forEach(s -> tokenOfUid.put(key(name, state, s.uid()), s.token())));
  }

  private void checkFolder(String name, FolderState now, List<String> broken) {
    FolderState before = last.get(name);
    if (before != null && before.uidValidity() != now.uidValidity()) {
      broken.add(name + ": UIDVALIDITY was " + before.uidValidity() + ", is " + now.uidValidity());
    }
    if (before != null && before.uidNext() > now.uidNext()) {
      broken.add(name + ": UIDNEXT was " + before.uidNext() + ", is " + now.uidNext());
    }
    for (Sighting s : now.messages()) {
      if (s.uid() >= now.uidNext()) {
        broken.add(s + ": UID not below UIDNEXT " + now.uidNext());
      }
      String once = tokenOfUid.get(key(name, now, s.uid()));
      if (once != null && !once.equals(s.token())) {
        broken.add(s + ": the UID named " + once + " before");
      }
    }
  }

  private static void checkLetter(Letter letter, List<Sighting> seen, List<String> broken) {
    List<Sighting> home = seen.stream().filter(s -> s.folder().equals(letter.folder)).toList();
    List<Sighting> archive = seen.stream().filter(s -> s.folder().equals(Letter.ARCHIVE)).toList();
    int removedAtLeast = Math.max(letter.moved.atLeast(), letter.expunged.atLeast());
    int removedAtMost = Math.max(letter.moved.atMost(), letter.expunged.atMost());
    int least = Math.max(0, letter.placed.atLeast() - removedAtMost);
    int most = letter.placed.atMost() - removedAtLeast;
    if (home.size() < least || home.size() > most) {
      broken.add(
          letter
              + ": is "
              + home.size()
              + " times in "
              + letter.folder
              + ", should be "
              + least
              + " to "
              + most);
    }
    int leastThere = letter.moved.atLeast() + letter.copied.atLeast();
    int mostThere = letter.moved.atMost() + letter.copied.atMost();
    if (archive.size() < leastThere || archive.size() > mostThere) {
      broken.add(
          letter
              + ": is "
              + archive.size()
              + " times in Archive, should be "
              + leastThere
              + " to "
              + mostThere);
    }
    if (letter.moved == Fate.OPEN
        && letter.placed == Fate.DONE
        && home.size() + archive.size() != 1) {
      broken.add(letter + ": a move lost or doubled it: " + seen);
    }
    for (Sighting s : seen) {
      boolean flagged = s.flags().contains("\\Flagged");
      if (letter.flagged == Fate.DONE && !flagged) {
        broken.add(letter + ": its \\Flagged is gone: " + s);
      }
      if (letter.flagged == Fate.NONE && flagged) {
        broken.add(letter + ": nobody flagged it: " + s);
      }
    }
  }

  private static String key(String folder, FolderState state, long uid) {
    return folder + "/" + state.uidValidity() + "/" + uid;
  }
}
