package dev.staffetta.ports;

import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The names of an account's mailboxes at one moment.
 *
 * @param folders by name; INBOX is always there, under exactly that name
 * @param subscriptions names, whether they exist or not
 */
public record FolderTree(SortedMap<String, Folder> folders, SortedSet<String> subscriptions) {
  /**
   * One name.
   *
   * @param mailbox empty: the name exists only as a parent ({@code \Noselect})
   */
  public record Folder(Optional<MailboxId> mailbox, Optional<SpecialUse> use) {}

  public FolderTree {
    folders = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(folders));
    subscriptions = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(subscriptions));
  }

  /**
   * The name as the tree has it: {@code inbox} in any case is INBOX (RFC 9051 5.1), all others are
   * exact.
   */
  public static String canonical(String name) {
    if (name.equalsIgnoreCase("INBOX")) {
      return "INBOX";
    }
    if (name.length() > 5 && name.substring(0, 6).toUpperCase(Locale.ROOT).equals("INBOX/")) {
      return "INBOX" + name.substring(5);
    }
    return name;
  }

  /** The mailbox of a name. */
  public Optional<MailboxId> mailbox(String name) {
    return Optional.ofNullable(folders.get(canonical(name))).flatMap(Folder::mailbox);
  }

  /** Whether a name has inferiors. */
  public boolean hasChildren(String name) {
    String prefix = name + Folders.DELIMITER;
    SortedMap<String, Folder> tail = folders.tailMap(prefix);
    return !tail.isEmpty() && tail.firstKey().startsWith(prefix);
  }
}
