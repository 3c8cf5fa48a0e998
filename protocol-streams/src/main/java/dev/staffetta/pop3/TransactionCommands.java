package dev.staffetta.pop3;

import dev.staffetta.pop3.Pop3State.Transaction;
import dev.staffetta.pop3.Pop3State.Updating;
import dev.staffetta.ports.Message;
import dev.staffetta.wire.Step;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** What each command does after login (RFC 1939 5). */
final class TransactionCommands
    implements Pop3Command.Visitor<Step<Pop3State, Pop3Reply, Pop3Effect>> {
  private final Pop3Session session;
  private final Transaction state;
  private final Maildrop maildrop;

  TransactionCommands(Pop3Session session, Transaction state) {
    this.session = session;
    this.state = state;
    this.maildrop = state.maildrop();
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> capa(Pop3Command.Capa capa) {
    return Step.reply(state, Capabilities.of(state.client()));
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> stat(Pop3Command.Stat stat) {
    return Pop3Session.ok(state, maildrop.count() + " " + maildrop.unmarkedOctets());
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> list(Pop3Command.ListSizes list) {
    if (list.number().isEmpty()) {
      return Step.reply(state, new Pop3Reply.ScanListings(maildrop));
    }
    int number = list.number().getAsInt();
    return withMessage(number, message -> Pop3Session.ok(state, number + " " + message.size()));
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> uidl(Pop3Command.Uidl uidl) {
    if (uidl.number().isEmpty()) {
      return Step.reply(state, new Pop3Reply.UniqueIdListings(maildrop));
    }
    int number = uidl.number().getAsInt();
    return withMessage(
        number, message -> Pop3Session.ok(state, number + " " + maildrop.uniqueId(number)));
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> retr(Pop3Command.Retr retr) {
    return withMessage(
        retr.number(),
        message ->
            Step.reply(
                state, new Pop3Reply.Content(maildrop.account(), message, OptionalInt.empty())));
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> top(Pop3Command.Top top) {
    return withMessage(
        top.number(),
        message ->
            Step.reply(
                state,
                new Pop3Reply.Content(
                    maildrop.account(), message, OptionalInt.of(top.bodyLines()))));
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> dele(Pop3Command.Dele dele) {
    return withMessage(
        dele.number(),
        message ->
            Pop3Session.ok(
                state.with(maildrop.mark(dele.number())), "message " + dele.number() + " deleted"));
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> rset(Pop3Command.Rset rset) {
    Maildrop unmarked = maildrop.unmark();
    return Pop3Session.ok(state.with(unmarked), "maildrop has " + unmarked.summary());
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> noop(Pop3Command.Noop noop) {
    return Pop3Session.ok(state, "done");
  }

  /** RFC 1939 6: only now are messages removed; the answer waits until they are. */
  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> quit(Pop3Command.Quit quit) {
    return Step.run(
        new Updating(state.client(), maildrop),
        new Pop3Effect.Update(maildrop.mailbox(), maildrop.marked()));
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> malformed(Pop3Command.Malformed malformed) {
    return session.badCommand(state, malformed.text());
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> user(Pop3Command.User user) {
    return loggedInAlready();
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> pass(Pop3Command.Pass pass) {
    return loggedInAlready();
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> auth(Pop3Command.Auth auth) {
    return loggedInAlready();
  }

  /** RFC 2595 4: only before login. */
  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> stls(Pop3Command.Stls stls) {
    return loggedInAlready();
  }

  private Step<Pop3State, Pop3Reply, Pop3Effect> loggedInAlready() {
    return session.badCommand(state, "you are logged in already");
  }

  private Step<Pop3State, Pop3Reply, Pop3Effect> withMessage(
      int number, Function<Message, Step<Pop3State, Pop3Reply, Pop3Effect>> step) {
    return maildrop
        .find(number)
        .map(step)
        .orElseGet(
            () ->
                Pop3Session.err(
                    state,
                    Optional.empty(),
                    maildrop.exists(number)
                        ? "message " + number + " is deleted"
                        : "no such message, there are " + maildrop.messages().size()));
  }
}
