package dev.staffetta.imap.grammar;

/** Something to do for each kind of command. */
public interface CommandVisitor {
  void capability(Command.Capability command);

  void noop(Command.Noop command);

  void logout(Command.Logout command);

  void id(Command.Id command);

  void startTls(Command.StartTls command);

  void authenticate(Command.Authenticate command);

  void login(Command.Login command);

  void enable(Command.Enable command);

  void select(Command.Select command);

  void create(Command.Create command);

  void delete(Command.Delete command);

  void rename(Command.Rename command);

  void subscribe(Command.Subscribe command);

  void unsubscribe(Command.Unsubscribe command);

  void listMailboxes(Command.ListMailboxes command);

  void listSubscribed(Command.ListSubscribed command);

  void status(Command.Status command);

  void namespace(Command.Namespace command);

  void idle(Command.Idle command);

  void check(Command.Check command);

  void close(Command.Close command);

  void unselect(Command.Unselect command);

  void expunge(Command.Expunge command);

  void uidExpunge(Command.UidExpunge command);

  void search(Command.Search command);

  void unknownCharset(Command.UnknownCharset command);

  void fetch(Command.Fetch command);

  void store(Command.Store command);

  void copy(Command.Copy command);

  void move(Command.Move command);
}
