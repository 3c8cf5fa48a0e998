package dev.staffetta.imap.session;

import dev.staffetta.imap.grammar.Command;
import dev.staffetta.imap.grammar.CommandVisitor;
import dev.staffetta.imap.reply.ImapText;
import dev.staffetta.imap.reply.Reply;
import dev.staffetta.imap.reply.ResponseCode;
import dev.staffetta.ports.Folders;
import dev.staffetta.ports.Mailboxes;
import java.util.Optional;

/** Where each command's way begins: here when it is a few lines, in its own class otherwise. */
final class Commands implements CommandVisitor {
  private final Turn turn;

  private Commands(Turn turn) {
    this.turn = turn;
  }

  /** A command came. */
  static void begin(Turn turn, String tag, Command command) {
    begin(turn, tag, expunges(command), isByUid(command));
    ImapState state = turn.state();
    if (command instanceof Command.NotAuthenticated && state.isAuthenticated()) {
      turn.bad("You are logged in already");
    } else if (command instanceof Command.Authenticated && !state.isAuthenticated()) {
      turn.bad("Log in first");
    } else if (command instanceof Command.Selected && state.selection().isEmpty()) {
      turn.bad(state.isAuthenticated() ? "Select a mailbox first" : "Log in first");
    } else {
      command.accept(new Commands(turn));
    }
  }

  /** A command with this tag is under way. */
  static void begin(Turn turn, String tag, Updates.Expunges expunges, boolean isByUid) {
    turn.state(
        turn.state().withUnderWay(Optional.of(new ImapState.UnderWay(tag, expunges, isByUid))));
  }

  /** What came is no command. */
  static void bad(Turn turn, Optional<String> tag, String why) {
    if (tag.isPresent()) {
      begin(turn, tag.get(), Updates.Expunges.KEPT_BACK, false);
      turn.bad(why);
    } else {
      turn.untaggedBad(why);
    }
  }

  /** The longest line now. */
  static int maxLine(Turn turn) {
    return turn.state().isAuthenticated()
        ? turn.settings().maxLineInBytes()
        : turn.settings().maxCommandBeforeLoginInBytes();
  }

  /** RFC 3501 7.4.1: EXPUNGE is not sent while FETCH, STORE or SEARCH is under way. */
  private static Updates.Expunges expunges(Command command) {
    boolean keptBack =
        (command instanceof Command.Fetch fetch && !fetch.byUid())
            || (command instanceof Command.Store store && !store.byUid())
            || (command instanceof Command.Search search && !search.byUid());
    return keptBack ? Updates.Expunges.KEPT_BACK : Updates.Expunges.TOLD;
  }

  /** RFC 3501 6.4.8: whatever FETCH response a UID command causes names the UID. */
  private static boolean isByUid(Command command) {
    return (command instanceof Command.Fetch fetch && fetch.byUid())
        || (command instanceof Command.Store store && store.byUid())
        || (command instanceof Command.Search search && search.byUid())
        || (command instanceof Command.Copy copy && copy.byUid())
        || (command instanceof Command.Move move && move.byUid())
        || command instanceof Command.UidExpunge;
  }

  @Override
  public void capability(Command.Capability command) {
    turn.say("* CAPABILITY " + Capabilities.of(turn));
    turn.ok("CAPABILITY completed");
  }

  @Override
  public void noop(Command.Noop command) {
    turn.whenUpToDate(t -> t.ok("NOOP completed"));
  }

  @Override
  public void logout(Command.Logout command) {
    turn.say("* BYE Until next time");
    turn.quietOk(ResponseCode.NONE, "LOGOUT completed");
    if (!turn.state().isClosing()) {
      turn.close();
    }
  }

  @Override
  public void id(Command.Id command) {
    turn.say("* ID (\"name\" \"Staffetta\")");
    turn.ok("ID completed");
  }

  @Override
  public void startTls(Command.StartTls command) {
    if (!Capabilities.isTlsOffered(turn.state())) {
      turn.bad(turn.state().isTls() ? "TLS is on already" : "TLS is not offered here");
      return;
    }
    turn.quietOk(ResponseCode.NONE, "Begin TLS now");
    turn.say(new Reply.StartTls());
    turn.state(turn.state().withTls());
  }

  @Override
  public void authenticate(Command.Authenticate command) {
    LoggingIn.authenticate(turn, command);
  }

  @Override
  public void login(Command.Login command) {
    LoggingIn.login(turn, command.user(), command.password(), "LOGIN");
  }

  /** Nothing that is offered has to be enabled (RFC 5161 3.1). */
  @Override
  public void enable(Command.Enable command) {
    turn.say("* ENABLED");
    turn.ok("ENABLE completed");
  }

  @Override
  public void select(Command.Select command) {
    Selecting.begin(turn, command);
  }

  @Override
  public void create(Command.Create command) {
    ChangingFolders.create(turn, command);
  }

  @Override
  public void delete(Command.Delete command) {
    ChangingFolders.delete(turn, command);
  }

  @Override
  public void rename(Command.Rename command) {
    ChangingFolders.rename(turn, command);
  }

  @Override
  public void subscribe(Command.Subscribe command) {
    ChangingFolders.subscribe(turn, command);
  }

  @Override
  public void unsubscribe(Command.Unsubscribe command) {
    turn.ask(
        new Effect.Unsubscribe(turn.account(), command.mailbox()),
        (t, done) -> t.ok("UNSUBSCRIBE completed"));
  }

  @Override
  public void listMailboxes(Command.ListMailboxes command) {
    Listing.begin(turn, command.request());
  }

  @Override
  public void listSubscribed(Command.ListSubscribed command) {
    ListingSubscribed.begin(turn, command);
  }

  @Override
  public void status(Command.Status command) {
    TellingStatus.begin(turn, command);
  }

  @Override
  public void namespace(Command.Namespace command) {
    turn.say("* NAMESPACE ((\"\" " + ImapText.quoted("" + Folders.DELIMITER) + ")) NIL NIL");
    turn.ok("NAMESPACE completed");
  }

  @Override
  public void idle(Command.Idle command) {
    Idling.begin(turn);
  }

  /** A change that was answered is durable: there is nothing to check (RFC 3501 6.4.1). */
  @Override
  public void check(Command.Check command) {
    turn.whenUpToDate(t -> t.ok("CHECK completed"));
  }

  @Override
  public void close(Command.Close command) {
    Expunging.close(turn);
  }

  @Override
  public void unselect(Command.Unselect command) {
    turn.unselect();
    turn.quietOk(ResponseCode.NONE, "UNSELECT completed");
  }

  @Override
  public void expunge(Command.Expunge command) {
    Expunging.begin(turn, new Mailboxes.Expunge.AllDeleted());
  }

  @Override
  public void uidExpunge(Command.UidExpunge command) {
    NamedMessages.whenKnown(
        turn,
        true,
        command.uids(),
        t ->
            Expunging.begin(
                t, new Mailboxes.Expunge.DeletedAmong(command.uids().uids(t.selection().told()))));
  }

  @Override
  public void search(Command.Search command) {
    Searching.begin(turn, command);
  }

  @Override
  public void unknownCharset(Command.UnknownCharset command) {
    turn.no(ResponseCode.BADCHARSET, "SEARCH knows US-ASCII and UTF-8");
  }

  @Override
  public void fetch(Command.Fetch command) {
    Fetching.begin(turn, command);
  }

  @Override
  public void store(Command.Store command) {
    Storing.begin(turn, command);
  }

  @Override
  public void copy(Command.Copy command) {
    Copying.copy(turn, command);
  }

  @Override
  public void move(Command.Move command) {
    Copying.move(turn, command);
  }
}
