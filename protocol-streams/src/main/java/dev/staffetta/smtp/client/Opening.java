package dev.staffetta.smtp.client;

import dev.staffetta.smtp.client.ClientState.Hello;
import dev.staffetta.smtp.client.ClientState.LoggingIn;
import dev.staffetta.smtp.client.HopFailedException.Stage;
import dev.staffetta.wire.Step;

/** From the greeting to where a message can be sent: EHLO, STARTTLS, EHLO again, AUTH. */
final class Opening {
  private final ClientRules rules;

  Opening(ClientRules rules) {
    this.rules = rules;
  }

  Step<ClientState, ClientOutput, ClientEffect> on(ClientState state, ServerReply reply) {
    if (state.phase() instanceof Hello hello) {
      return hello(state, hello, reply);
    } else if (state.phase() instanceof ClientState.StartingTls) {
      return startTls(state, reply);
    } else if (state.phase() instanceof LoggingIn login) {
      return login(state, login.step(), reply);
    }
    return greeting(state, reply);
  }

  private Step<ClientState, ClientOutput, ClientEffect> greeting(
      ClientState state, ServerReply reply) {
    if (!reply.isPositive()) {
      return refuse(state, Stage.GREETING, reply);
    }
    return sayHello(new Turn(), state.with(new Hello(true)));
  }

  private Step<ClientState, ClientOutput, ClientEffect> sayHello(Turn turn, ClientState state) {
    String verb = rules.isLmtp() ? "LHLO" : "EHLO";
    return turn.say(CommandGrammar.hello(verb, rules.ownName())).to(state);
  }

  private Step<ClientState, ClientOutput, ClientEffect> hello(
      ClientState state, Hello hello, ServerReply reply) {
    if (reply.isPositive()) {
      Extensions offered = hello.isExtended() ? Extensions.of(reply) : Extensions.NONE;
      return afterHello(state.offering(offered));
    }
    if (hello.isExtended() && !rules.isLmtp() && reply.isPermanent()) {
      // RFC 5321 3.2, 4.1.4: whatever it has against EHLO, it may take HELO.
      return new Turn()
          .say(CommandGrammar.hello("HELO", rules.ownName()))
          .to(state.with(new Hello(false)));
    }
    return refuse(state, Stage.HELLO, reply);
  }

  private Step<ClientState, ClientOutput, ClientEffect> afterHello(ClientState state) {
    HopSecurity.Mode mode = rules.hop().security().mode();
    boolean isWanted = mode != HopSecurity.Mode.PLAIN && !state.isTls();
    if (isWanted && state.offered().hasStartTls()) {
      return new Turn().say(CommandGrammar.STARTTLS).to(state.with(new ClientState.StartingTls()));
    }
    if (isWanted && mode == HopSecurity.Mode.REQUIRED) {
      return fail(state, Stage.TLS, "4.7.4", "TLS is required, but the server does not offer it");
    }
    return startLogin(state);
  }

  private Step<ClientState, ClientOutput, ClientEffect> startTls(
      ClientState state, ServerReply reply) {
    if (reply.isPositive()) {
      return sayHello(new Turn().put(new ClientOutput.StartTls()), state.startingTls());
    }
    if (rules.hop().security().mode() == HopSecurity.Mode.OPPORTUNISTIC
        && reply.code() != ServerReply.CLOSING) {
      return startLogin(state);
    }
    return refuse(state, Stage.TLS, reply);
  }

  private Step<ClientState, ClientOutput, ClientEffect> startLogin(ClientState state) {
    if (rules.hop().login().isEmpty()) {
      return opened(state);
    }
    Hop.Login login = rules.hop().login().get();
    if (!state.isTls()) {
      return fail(
          state, Stage.LOGIN, "4.7.11", "a password is not sent without TLS, which there is not");
    }
    if (state.offered().hasLogin("PLAIN")) {
      return new Turn()
          .say(CommandGrammar.authPlain(login))
          .to(state.with(new LoggingIn(LoggingIn.Step.PLAIN)));
    }
    if (state.offered().hasLogin("LOGIN")) {
      return new Turn().say("AUTH LOGIN\r\n").to(state.with(new LoggingIn(LoggingIn.Step.LOGIN)));
    }
    return fail(state, Stage.LOGIN, "4.7.4", "the server offers neither AUTH PLAIN nor AUTH LOGIN");
  }

  private Step<ClientState, ClientOutput, ClientEffect> login(
      ClientState state, LoggingIn.Step step, ServerReply reply) {
    Hop.Login login = rules.hop().login().orElseThrow();
    if (reply.isPositive() && step != LoggingIn.Step.LOGIN && step != LoggingIn.Step.USER) {
      return opened(state);
    }
    if (reply.isIntermediate() && step == LoggingIn.Step.LOGIN) {
      return new Turn()
          .say(CommandGrammar.base64(login.user()))
          .to(state.with(new LoggingIn(LoggingIn.Step.USER)));
    }
    if (reply.isIntermediate() && step == LoggingIn.Step.USER) {
      return new Turn()
          .say(CommandGrammar.base64(login.password()))
          .to(state.with(new LoggingIn(LoggingIn.Step.PASSWORD)));
    }
    return refuse(state, Stage.LOGIN, reply);
  }

  private static Step<ClientState, ClientOutput, ClientEffect> opened(ClientState state) {
    return new Turn().run(new ClientEffect.Opened()).to(state.with(new ClientState.Idle()));
  }

  private static Step<ClientState, ClientOutput, ClientEffect> refuse(
      ClientState state, Stage stage, ServerReply reply) {
    RemoteReply remote = reply.remote();
    boolean isRefusal = reply.code() >= 400;
    return end(
        state,
        stage,
        isRefusal
            ? remote
            : new RemoteReply(
                reply.code(), "4.5.0", "not an answer to expect here: " + remote.text()),
        reply.code() != ServerReply.CLOSING);
  }

  private static Step<ClientState, ClientOutput, ClientEffect> fail(
      ClientState state, Stage stage, String status, String text) {
    return end(state, stage, new RemoteReply(0, status, text), true);
  }

  private static Step<ClientState, ClientOutput, ClientEffect> end(
      ClientState state, Stage stage, RemoteReply reply, boolean saysQuit) {
    Turn turn = new Turn().run(new ClientEffect.OpenFailed(new HopFailedException(stage, reply)));
    return (saysQuit ? turn.say(CommandGrammar.QUIT) : turn).close(state);
  }
}
