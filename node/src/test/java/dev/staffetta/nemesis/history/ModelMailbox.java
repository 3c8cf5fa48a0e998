package dev.staffetta.nemesis.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** The folders of one account, in memory; a copy is independent. */
final class ModelMailbox {
  record Message(String token, Set<String> flags) {}

  private final Map<Folder, NavigableMap<Long, Message>> messages = new HashMap<>();
  private final Map<Folder, Long> uidNext = new HashMap<>();

  ModelMailbox() {}

  ModelMailbox(ModelMailbox other) {
    other.messages.forEach((folder, all) -> messages.put(folder, new TreeMap<>(all)));
    uidNext.putAll(other.uidNext);
  }

  NavigableMap<Long, Message> in(Folder folder) {
    return messages.computeIfAbsent(folder, f -> new TreeMap<>());
  }

  long uidNext(Folder folder) {
    return uidNext.getOrDefault(folder, 1L);
  }

  long add(Folder folder, Message message) {
    long uid = uidNext(folder);
    uidNext.put(folder, uid + 1);
    in(folder).put(uid, message);
    return uid;
  }

  void change(Instance instance, String flag, boolean sets) {
    in(instance.folder())
        .computeIfPresent(
            instance.uid(),
            (uid, old) -> {
              Set<String> flags = new HashSet<>(old.flags());
              if (sets) {
                flags.add(flag);
              } else {
                flags.remove(flag);
              }
              return new Message(old.token(), flags);
            });
  }

  List<Read.Sighting> sightings(Folder folder) {
    return in(folder).entrySet().stream()
        .map(e -> new Read.Sighting(e.getKey(), e.getValue().token(), e.getValue().flags()))
        .toList();
  }

  /** As if UIDNEXT had not been written down. */
  void forgetUidNext() {
    messages.forEach((folder, all) -> uidNext.put(folder, all.isEmpty() ? 1L : all.lastKey() + 1));
  }
}
