package dev.staffetta.account;

import dev.staffetta.config.AccountSettings;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.Folders;
import dev.staffetta.ports.Refusal;
import java.nio.charset.StandardCharsets;

/** Which names a folder may have (RFC 9051 5.1). */
final class FolderNames {
  private FolderNames() {}

  /**
   * The name under which a new folder goes into the tree. A delimiter at the end, by which a client
   * says that it means to put names below, is dropped (RFC 9051 6.3.4).
   *
   * @throws Refusal when it may not be
   */
  static String valid(String name, AccountSettings limits) {
    String trimmed =
        name.endsWith(String.valueOf(Folders.DELIMITER))
            ? name.substring(0, name.length() - 1)
            : name;
    String canonical = FolderTree.canonical(trimmed);
    requireSayable(canonical, limits);
    for (String level : canonical.split(String.valueOf(Folders.DELIMITER), -1)) {
      if (level.isEmpty()) {
        throw cannot("a level of a name cannot be empty");
      }
      if (level.indexOf('%') >= 0 || level.indexOf('*') >= 0) {
        throw cannot("% and * are wildcards and cannot be in a name");
      }
    }
    long depth = 1 + canonical.chars().filter(c -> c == Folders.DELIMITER).count();
    if (depth > limits.maxFolderDepth()) {
      throw new Refusal(
          Refusal.Code.LIMIT, "a name has at most " + limits.maxFolderDepth() + " levels");
    }
    return canonical;
  }

  /** The name under which a subscription is kept; the folder need not exist, nor be possible. */
  static String subscribable(String name, AccountSettings limits) {
    String canonical = FolderTree.canonical(name);
    if (canonical.isEmpty()) {
      throw cannot("a name cannot be empty");
    }
    requireSayable(canonical, limits);
    return canonical;
  }

  private static void requireSayable(String name, AccountSettings limits) {
    if (name.getBytes(StandardCharsets.UTF_8).length > limits.maxFolderNameLength()) {
      throw new Refusal(
          Refusal.Code.LIMIT, "a name has at most " + limits.maxFolderNameLength() + " bytes");
    }
    if (name.chars().anyMatch(FolderNames::isForbidden)) {
      throw cannot("control characters and line separators cannot be in a name");
    }
    for (int i = 0; i < name.length(); i++) {
      if (Character.isSurrogate(name.charAt(i))) {
        if (Character.isSurrogatePair(
            name.charAt(i), i + 1 < name.length() ? name.charAt(i + 1) : ' ')) {
          i++;
        } else {
          throw cannot("half a character cannot be in a name");
        }
      }
    }
  }

  /** RFC 9051 5.1, after RFC 5198 2. */
  private static boolean isForbidden(int c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
  }

  private static Refusal cannot(String text) {
    return new Refusal(Refusal.Code.CANNOT, text);
  }
}
