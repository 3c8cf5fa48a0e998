package dev.staffetta.nemesis.history;

/** A folder of an account. */
public record Folder(String account, String name) {
  @Override
  public String toString() {
    return account + "/" + name;
  }
}
