package dev.staffetta.imap.session;

import dev.staffetta.imap.grammar.Command;
import dev.staffetta.imap.reply.ImapText;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.Folders;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** LSUB (RFC 3501 6.3.9). */
final class ListingSubscribed {
  private ListingSubscribed() {}

  static void begin(Turn turn, Command.ListSubscribed command) {
    if (command.pattern().isEmpty()) {
      turn.say("* LSUB (\\Noselect) \"" + Folders.DELIMITER + "\" \"\"");
      turn.ok("LSUB completed");
      return;
    }
    ListPattern pattern = ListPattern.of(command.reference(), command.pattern());
    turn.ask(
        new Effect.ReadTree(turn.account()),
        (t, tree) -> {
          lines(tree, pattern).values().forEach(t::say);
          t.ok("LSUB completed");
        });
  }

  /** By name. */
  private static Map<String, String> lines(FolderTree tree, ListPattern pattern) {
    Map<String, String> lines = new TreeMap<>();
    for (String name : tree.subscriptions()) {
      if (pattern.matches(name)) {
        boolean canBeSelected = tree.mailbox(name).isPresent();
        lines.put(name, line(canBeSelected ? List.of() : List.of("\\Noselect"), name));
        continue;
      }
      // RFC 3501 6.3.9: with foo/bar subscribed, % names foo, which is not, as \Noselect.
      for (String superior : Listing.superiors(name)) {
        if (pattern.matches(superior) && !tree.subscriptions().contains(superior)) {
          lines.put(superior, line(List.of("\\Noselect"), superior));
        }
      }
    }
    return lines;
  }

  private static String line(List<String> attributes, String name) {
    return "* LSUB " + Listing.attributes(attributes) + ImapText.mailbox(name);
  }
}
