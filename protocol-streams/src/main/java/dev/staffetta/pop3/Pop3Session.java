package dev.staffetta.pop3;

import dev.staffetta.config.Pop3Settings;
import dev.staffetta.pop3.Pop3State.Authorization;
import dev.staffetta.pop3.Pop3State.Client;
import dev.staffetta.pop3.Pop3State.Ended;
import dev.staffetta.pop3.Pop3State.LoggingIn;
import dev.staffetta.pop3.Pop3State.Transaction;
import dev.staffetta.pop3.Pop3State.Updating;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sasl.PlainCredentials;
import dev.staffetta.wire.Connection;
import dev.staffetta.wire.SessionMachine;
import dev.staffetta.wire.Step;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A POP3 session: AUTHORIZATION, TRANSACTION, UPDATE (RFC 1939 3). What each command does is in
 * {@link AuthorizationCommands} and {@link TransactionCommands}; here is all that is not a command,
 * and how a session ends.
 */
final class Pop3Session implements SessionMachine<Pop3State, Pop3Input, Pop3Reply, Pop3Effect> {
  private final Pop3Settings settings;

  Pop3Session(Pop3Settings settings) {
    this.settings = settings;
  }

  /** The greeting has no timestamp in angle brackets, which would offer APOP (RFC 1939 7). */
  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> start(Connection connection, Instant now) {
    Client client =
        new Client(connection, connection.tls(), 0, 0, now.plus(settings.loginTimeout()));
    return ok(Authorization.of(client), "Staffetta POP3 server ready");
  }

  @Override
  public Step<Pop3State, Pop3Reply, Pop3Effect> on(Pop3State state, Pop3Input input, Instant now) {
    if (state instanceof Ended) {
      return Step.reply(state);
    }
    return input.accept(new Inputs(state, now));
  }

  /** What each input does in a state. */
  private final class Inputs implements Pop3Input.Visitor<Step<Pop3State, Pop3Reply, Pop3Effect>> {
    private final Pop3State state;
    private final Instant now;

    Inputs(Pop3State state, Instant now) {
      this.state = state;
      this.now = now;
    }

    @Override
    public Step<Pop3State, Pop3Reply, Pop3Effect> line(Pop3Frame.Line line) {
      if (state instanceof Authorization authorization) {
        if (now.isAfter(state.client().loginDeadline())) {
          return end(state, Optional.empty(), "no login in time");
        }
        return authorization.isChallenged()
            ? onResponse(Authorization.of(state.client()), line)
            : Pop3Grammar.parse(line.bytes())
                .accept(new AuthorizationCommands(Pop3Session.this, authorization));
      }
      if (state instanceof Transaction transaction) {
        return Pop3Grammar.parse(line.bytes())
            .accept(new TransactionCommands(Pop3Session.this, transaction));
      }
      return badCommand(state, "not now");
    }

    @Override
    public Step<Pop3State, Pop3Reply, Pop3Effect> tooLong(Pop3Frame.TooLong tooLong) {
      String text = "line longer than " + settings.maxLineLength() + " octets";
      return state instanceof Authorization
          ? badCommand(Authorization.of(state.client()), text)
          : badCommand(state, text);
    }

    @Override
    public Step<Pop3State, Pop3Reply, Pop3Effect> loggedIn(Pop3Input.LoggedIn loggedIn) {
      Maildrop maildrop = Maildrop.of(loggedIn.account(), loggedIn.inbox());
      return ok(new Transaction(state.client(), maildrop), "maildrop has " + maildrop.summary());
    }

    @Override
    public Step<Pop3State, Pop3Reply, Pop3Effect> loginRefused(Pop3Input.LoginRefused refused) {
      Refusal refusal = refused.refusal();
      if (refusal.code() != Refusal.Code.NOPERM) {
        return err(
            Authorization.of(state.client()), ResponseCode.of(refusal), refusal.getMessage());
      }
      Client client = state.client().withFailedLogin();
      return client.failedLogins() >= settings.maxFailedLogins()
          ? end(state.with(client), Optional.of(ResponseCode.AUTH), "too many failed logins")
          : err(
              Authorization.of(client),
              Optional.of(ResponseCode.AUTH),
              "user or password is wrong");
    }

    @Override
    public Step<Pop3State, Pop3Reply, Pop3Effect> updated(Pop3Input.Updated updated) {
      return new Step<>(
          new Ended(state.client()),
          List.of(new Pop3Reply.Ok("goodbye"), new Pop3Reply.Close()),
          List.of());
    }

    /** RFC 1939 6: the client must learn that messages it deleted may come again. */
    @Override
    public Step<Pop3State, Pop3Reply, Pop3Effect> updateRefused(Pop3Input.UpdateRefused refused) {
      return end(
          state,
          ResponseCode.of(refused.refusal()).or(() -> Optional.of(ResponseCode.SYS_TEMP)),
          "some deleted messages were not removed: " + refused.refusal().getMessage());
    }

    /** RFC 1939 3: the connection is closed without a word, and nothing is removed. */
    @Override
    public Step<Pop3State, Pop3Reply, Pop3Effect> timedOut(Pop3Input.TimedOut timedOut) {
      return endUnasked("this takes too long");
    }

    /** A POP3 server speaks only when it is asked, so there is no farewell. */
    @Override
    public Step<Pop3State, Pop3Reply, Pop3Effect> shutdown(Pop3Input.Shutdown shutdown) {
      return endUnasked("the server is shutting down");
    }

    private Step<Pop3State, Pop3Reply, Pop3Effect> endUnasked(String textIfAsked) {
      return state instanceof LoggingIn || state instanceof Updating
          ? end(state, Optional.of(ResponseCode.SYS_TEMP), textIfAsked)
          : Step.reply(new Ended(state.client()), new Pop3Reply.Close());
    }
  }

  /** The client's response to the empty challenge of AUTH PLAIN (RFC 5034 4). */
  private Step<Pop3State, Pop3Reply, Pop3Effect> onResponse(
      Authorization state, Pop3Frame.Line line) {
    String response = Pop3Grammar.text(line.bytes()).orElse("");
    return response.equals("*")
        ? err(state, Optional.empty(), "authentication cancelled")
        : logIn(state, response);
  }

  /** Logs in with a response of the mechanism PLAIN. */
  Step<Pop3State, Pop3Reply, Pop3Effect> logIn(Authorization state, String response) {
    Optional<PlainCredentials> credentials = PlainCredentials.parse(response);
    if (credentials.isEmpty()) {
      return badCommand(state, "that is no response of the mechanism PLAIN");
    }
    if (credentials.get().isForAnother()) {
      return err(state, Optional.of(ResponseCode.AUTH), "nobody may act as somebody else");
    }
    return logIn(state, credentials.get().user(), credentials.get().password());
  }

  /** Logs in. */
  static Step<Pop3State, Pop3Reply, Pop3Effect> logIn(
      Authorization state, String user, String password) {
    Client client = state.client();
    return Step.run(
        new LoggingIn(client),
        new Pop3Effect.LogIn(user, password, client.connection().remote().getAddress()));
  }

  /** Answers what is no command here; whoever sends too many of them is sent away. */
  Step<Pop3State, Pop3Reply, Pop3Effect> badCommand(Pop3State state, String text) {
    Client client = state.client().withError();
    return client.errors() >= settings.maxErrors()
        ? end(state.with(client), Optional.empty(), text + "; too many errors")
        : err(state.with(client), Optional.empty(), text);
  }

  static Step<Pop3State, Pop3Reply, Pop3Effect> ok(Pop3State state, String text) {
    return Step.reply(state, new Pop3Reply.Ok(text));
  }

  static Step<Pop3State, Pop3Reply, Pop3Effect> err(
      Pop3State state, Optional<ResponseCode> code, String text) {
    return Step.reply(state, new Pop3Reply.Err(code, text));
  }

  /** Says no and closes. */
  private static Step<Pop3State, Pop3Reply, Pop3Effect> end(
      Pop3State state, Optional<ResponseCode> code, String text) {
    return new Step<>(
        new Ended(state.client()),
        List.of(new Pop3Reply.Err(code, text), new Pop3Reply.Close()),
        List.of());
  }
}
