package dev.staffetta.imap.session;

import dev.staffetta.imap.grammar.ListRequest;
import dev.staffetta.imap.grammar.ListRequest.Return;
import dev.staffetta.imap.grammar.ListRequest.Selection;
import dev.staffetta.imap.reply.ImapText;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.Folders;
import dev.staffetta.ports.MailboxId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** LIST (RFC 3501 6.3.8), with RFC 5258's selections and returns, and RFC 5819's STATUS. */
final class Listing {
  private final ListRequest request;
  private final FolderTree tree;
  private final List<ListPattern> patterns;

  private Listing(ListRequest request, FolderTree tree) {
    this.request = request;
    this.tree = tree;
    patterns =
        request.patterns().stream()
            .map(pattern -> ListPattern.of(request.reference(), pattern))
            .toList();
  }

  static void begin(Turn turn, ListRequest request) {
    if (!request.isExtended() && request.patterns().get(0).isEmpty()) {
      // An empty name asks for the delimiter and the root (RFC 3501 6.3.8).
      turn.say("* LIST (\\Noselect) \"" + Folders.DELIMITER + "\" \"\"");
      turn.ok("LIST completed");
      return;
    }
    turn.ask(new Effect.ReadTree(turn.account()), (t, tree) -> new Listing(request, tree).list(t));
  }

  private void list(Turn turn) {
    List<String> selectable = new ArrayList<>();
    for (String name : candidates()) {
      if (!matches(name)) {
        continue;
      }
      boolean isSelected = isSelected(name);
      boolean hasSelectedInferiors =
          selects(Selection.RECURSIVEMATCH) && selectedInferiors(name).findAny().isPresent();
      if (isSelected) {
        turn.say(line(name, hasSelectedInferiors));
        if (tree.mailbox(name).isPresent()) {
          selectable.add(name);
        }
      } else if (hasSelectedInferiors
          // RFC 5258 3.5: only for inferiors that are not listed themselves.
          && selectedInferiors(name).anyMatch(inferior -> !matches(inferior))) {
        turn.say(line(name, true));
      }
    }
    if (request.status().isEmpty()) {
      turn.ok("LIST completed");
    } else {
      tellStatus(turn, selectable, 0);
    }
  }

  /** The names that are there, and where it is about subscriptions those and their superiors. */
  private NavigableSet<String> candidates() {
    NavigableSet<String> names = new TreeSet<>(tree.folders().keySet());
    if (selects(Selection.SUBSCRIBED)) {
      for (String name : tree.subscriptions()) {
        names.add(name);
        names.addAll(superiors(name));
      }
    }
    return names;
  }

  /** The names above a name, lowest first. */
  static List<String> superiors(String name) {
    List<String> superiors = new ArrayList<>();
    int end = name.lastIndexOf(Folders.DELIMITER);
    while (end > 0) {
      superiors.add(name.substring(0, end));
      end = name.lastIndexOf(Folders.DELIMITER, end - 1);
    }
    return superiors;
  }

  private boolean matches(String name) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(name));
  }

  private boolean isSelected(String name) {
    boolean isSubscribed = tree.subscriptions().contains(name);
    return (!selects(Selection.SUBSCRIBED) || isSubscribed)
        && (!selects(Selection.SPECIAL_USE)
            || folder(name).flatMap(FolderTree.Folder::use).isPresent())
        && (selects(Selection.SUBSCRIBED) || tree.folders().containsKey(name));
  }

  private Stream<String> selectedInferiors(String name) {
    String prefix = name + Folders.DELIMITER;
    return candidates().tailSet(prefix).stream()
        .takeWhile(inferior -> inferior.startsWith(prefix))
        .filter(this::isSelected);
  }

  private boolean selects(Selection option) {
    return request.selection().contains(option);
  }

  private Optional<FolderTree.Folder> folder(String name) {
    return Optional.ofNullable(tree.folders().get(name));
  }

  private String line(String name, boolean hasSelectedInferiors) {
    List<String> attributes = new ArrayList<>();
    Optional<FolderTree.Folder> folder = folder(name);
    if (folder.isEmpty()) {
      attributes.add("\\NonExistent");
    } else if (folder.get().mailbox().isEmpty()) {
      attributes.add("\\Noselect");
    }
    attributes.add(tree.hasChildren(name) ? "\\HasChildren" : "\\HasNoChildren");
    boolean tellsSubscriptions =
        selects(Selection.SUBSCRIBED) || request.returned().contains(Return.SUBSCRIBED);
    if (tellsSubscriptions && tree.subscriptions().contains(name)) {
      attributes.add("\\Subscribed");
    }
    folder.flatMap(FolderTree.Folder::use).ifPresent(use -> attributes.add(use.attribute()));
    return "* LIST "
        + attributes(attributes)
        + ImapText.mailbox(name)
        + (hasSelectedInferiors ? " (\"CHILDINFO\" (" + criteria() + "))" : "");
  }

  /** What inferiors were selected for (RFC 5258 4). */
  private String criteria() {
    List<String> criteria = new ArrayList<>();
    if (selects(Selection.SUBSCRIBED)) {
      criteria.add("\"SUBSCRIBED\"");
    }
    if (selects(Selection.SPECIAL_USE)) {
      criteria.add("\"SPECIAL-USE\"");
    }
    return String.join(" ", criteria);
  }

  /** Attributes and delimiter. */
  static String attributes(List<String> attributes) {
    return "(" + String.join(" ", attributes) + ") \"" + Folders.DELIMITER + "\" ";
  }

  /** One mailbox after the other; one that cannot tell is left out (RFC 5819 2). */
  private void tellStatus(Turn turn, List<String> names, int next) {
    if (next == names.size()) {
      turn.ok("LIST completed");
      return;
    }
    String name = names.get(next);
    MailboxId mailbox = tree.mailbox(name).orElseThrow();
    TellingStatus.tell(turn, name, mailbox, request.status(), t -> tellStatus(t, names, next + 1));
  }
}
