package dev.staffetta.nemesis.history;

/** A message as it lies in one folder: copying one makes another instance. */
public record Instance(Folder folder, long uid) {
  @Override
  public String toString() {
    return folder + "#" + uid;
  }
}
