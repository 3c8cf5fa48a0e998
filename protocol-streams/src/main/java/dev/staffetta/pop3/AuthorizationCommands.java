package dev.staffetta.pop3;

import dev.staffetta.pop3.Pop3State.Authorization;
import dev.staffetta.pop3.Pop3State.Client;
import dev.staffetta.pop3.Pop3State.Ended;
import dev.staffetta.wire.Step;
import java.util.List;
import java.util.Optional;

/** What each command does before login (RFC 1939 4). */
final class AuthorizationCommands
    implements Pop3Command.Visitor<Step<Pop3State, Pop3Reply, Pop3Effect>> {
  private static final String NO_PLAIN_TEXT = "no passwords in plain text: start TLS first";

  private final Pop3Session session;
  private final Authorization state;

  AuthorizationCommands(Pop3Session session, Authorization state) {
    this.session = session;
    this.state = state;
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> capa(Pop3Command.Capa capa) {
    return Step.reply(state, Capabilities.of(state.client()));
  }

  /** Says yes to any name: who has an account here is nobody's business. */
  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> user(Pop3Command.User user) {
    if (!state.client().maySendPassword()) {
      return session.badCommand(state, NO_PLAIN_TEXT);
    }
    return Pop3Session.ok(
        new Authorization(state.client(), Optional.of(user.name()), false), "send the password");
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> pass(Pop3Command.Pass pass) {
    if (!state.client().maySendPassword()) {
      return session.badCommand(state, NO_PLAIN_TEXT);
    }
    return state
        .user()
        .map(user -> Pop3Session.logIn(state, user, pass.password()))
        .orElseGet(() -> session.badCommand(state, "USER comes before PASS"));
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> auth(Pop3Command.Auth auth) {
    if (!auth.mechanism().equals("PLAIN")) {
      return session.badCommand(state, "the only mechanism is PLAIN");
    }
    if (!state.client().maySendPassword()) {
      return session.badCommand(state, NO_PLAIN_TEXT);
    }
    Authorization fresh = Authorization.of(state.client());
    return auth.initialResponse()
        .map(response -> session.logIn(fresh, response))
        .orElseGet(
            () ->
                Step.reply(
                    new Authorization(state.client(), Optional.empty(), true),
                    new Pop3Reply.Challenge()));
  }

  /** RFC 2595 4: afterwards all is as at the greeting, and nothing is known of the client. */
  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> stls(Pop3Command.Stls stls) {
    Client client = state.client();
    if (client.tls()) {
      return session.badCommand(state, "TLS is on already");
    }
    if (!client.canStartTls()) {
      return session.badCommand(state, "no TLS here");
    }
    return Step.reply(
        Authorization.of(client.withTls()),
        new Pop3Reply.Ok("begin TLS"),
        new Pop3Reply.StartTls());
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> quit(Pop3Command.Quit quit) {
    return new Step<>(
        new Ended(state.client()),
        List.of(new Pop3Reply.Ok("goodbye"), new Pop3Reply.Close()),
        List.of());
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> malformed(Pop3Command.Malformed malformed) {
    return session.badCommand(state, malformed.text());
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> stat(Pop3Command.Stat stat) {
    return notLoggedIn();
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> list(Pop3Command.ListSizes list) {
    return notLoggedIn();
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> uidl(Pop3Command.Uidl uidl) {
    return notLoggedIn();
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> retr(Pop3Command.Retr retr) {
    return notLoggedIn();
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> top(Pop3Command.Top top) {
    return notLoggedIn();
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> dele(Pop3Command.Dele dele) {
    return notLoggedIn();
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> rset(Pop3Command.Rset rset) {
    return notLoggedIn();
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> noop(Pop3Command.Noop noop) {
    return notLoggedIn();
  }

  private Step<Pop3State, Pop3Reply, Pop3Effect> notLoggedIn() {
    return session.badCommand(state, "log in first");
  }
}
