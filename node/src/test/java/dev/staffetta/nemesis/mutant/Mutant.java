package dev.staffetta.nemesis.mutant;

/** A change of one place in the product that breaks a promise. */
public enum Mutant {
  /** A write is acknowledged when it is in memory, and goes to Raft's log a moment later. */
  ACKNOWLEDGED_EARLY(
      "mailbox-actors/src/main/java/dev/staffetta/store/PartitionWriter.java",
      "answered = raft.apply(data);",
      "taken.forEach(w -> w.done().complete(null));"
          + " answered = CompletableFuture.supplyAsync(() -> 1,"
          + " CompletableFuture.delayedExecutor(300, java.util.concurrent.TimeUnit.MILLISECONDS))"
          + ".thenCompose(now -> raft.apply(data));"),

  /** The store takes a stale writer's events, whatever came before them. */
  NO_FENCING(
      "mailbox-actors/src/main/java/dev/staffetta/store/EntryApplier.java",
      "if (!holds(batch.getRequirements(i))) {",
      "if (System.nanoTime() == 0 && !holds(batch.getRequirements(i))) {"),

  /** A delivery that is tried again is not recognised. */
  NO_DEDUPLICATION(
      "mailbox-actors/src/main/java/dev/staffetta/mailbox/RecentIds.java",
      "OptionalLong uid = chunks.get(i).uid(id);",
      "OptionalLong uid = OptionalLong.empty();");

  private final String file;
  private final String original;
  private final String changed;

  Mutant(String file, String original, String changed) {
    this.file = file;
    this.original = original;
    this.changed = changed;
  }

  /** The source, from the root of the tree. */
  String file() {
    return file;
  }

  /** The source with the change. */
  String change(String source) {
    int at = source.indexOf(original);
    if (at < 0 || source.indexOf(original, at + 1) >= 0) {
      throw new IllegalStateException(
          file + " has changed: '" + original + "' is not there exactly once; correct " + this);
    }
    return source.replace(original, changed);
  }
}
