package dev.staffetta.smtp.client;

import dev.staffetta.smtp.client.ClientInput.Garbled;
import dev.staffetta.smtp.client.ClientInput.Heard;
import dev.staffetta.smtp.client.ClientState.Closed;
import dev.staffetta.smtp.client.ClientState.Greeting;
import dev.staffetta.smtp.client.ClientState.Hello;
import dev.staffetta.smtp.client.ClientState.Idle;
import dev.staffetta.smtp.client.ClientState.LoggingIn;
import dev.staffetta.smtp.client.ClientState.Mailing;
import dev.staffetta.smtp.client.ClientState.Quitting;
import dev.staffetta.smtp.client.ClientState.Scanning;
import dev.staffetta.smtp.client.ClientState.StartingTls;
import dev.staffetta.smtp.client.HopFailedException.Stage;
import dev.staffetta.wire.Connection;
import dev.staffetta.wire.SessionMachine;
import dev.staffetta.wire.Step;
import java.time.Instant;
import java.util.Locale;

/**
 * The session of SMTP and LMTP of the side that sends. Each message that it is given has outcomes
 * for all its recipients, once, whatever it hears; and it is opened or has failed to, once.
 */
final class ClientSession
    implements SessionMachine<ClientState, ClientInput, ClientOutput, ClientEffect> {
  private final ClientRules rules;
  private final Opening opening;
  private final MailStep mailing;

  ClientSession(ClientRules rules) {
    this.rules = rules;
    this.opening = new Opening(rules);
    this.mailing = new MailStep(rules);
  }

  @Override
  public Step<ClientState, ClientOutput, ClientEffect> start(Connection connection, Instant now) {
    return Step.run(ClientState.opening(connection.tls()), new ClientEffect.Listen());
  }

  @Override
  public Step<ClientState, ClientOutput, ClientEffect> on(
      ClientState state, ClientInput input, Instant now) {
    if (input instanceof Heard heard) {
      return heard(state.heard(), heard);
    } else if (input instanceof ClientInput.Interrupted interrupted) {
      return interrupted(state, interrupted.heard());
    } else if (input instanceof ClientInput.Send send) {
      return send(state, send.mail());
    } else if (input instanceof ClientInput.Scanned scanned) {
      return state.phase() instanceof Scanning
          ? admitted(state, scanned.mail(), scanned.content())
          : new Turn().to(state);
    } else if (input instanceof ClientInput.Unreadable unreadable) {
      return unreadable(state, unreadable.why());
    } else if (input instanceof ClientInput.Quit) {
      return quit(state);
    } else if (input instanceof ClientInput.TimedOut) {
      return timedOut(state);
    } else if (input instanceof ClientInput.Lost lost) {
      return end(state, state.isHandshaking(), lost.why(), lost.isInBody());
    } else if (input instanceof ClientInput.TlsFailed failed) {
      return end(state, true, failed.why(), false);
    }
    return new Turn().to(state); // Noted.
  }

  private Step<ClientState, ClientOutput, ClientEffect> heard(ClientState state, Heard heard) {
    if (heard instanceof Garbled garbled) {
      return end(state, false, garbled.why(), false);
    }
    ServerReply reply = (ServerReply) heard;
    if (isOpening(state)) {
      return opening.on(state, reply);
    }
    if (state.phase() instanceof Mailing mail && !mail.transaction().due().isEmpty()) {
      return mailing.on(state, mail.transaction(), reply);
    }
    // Unasked for: it says that it closes, or has lost count.
    return end(state, false, "it said unasked: " + reply.remote(), false);
  }

  private Step<ClientState, ClientOutput, ClientEffect> interrupted(
      ClientState state, Heard heard) {
    if (heard instanceof Garbled garbled) {
      return end(state, false, garbled.why(), true);
    }
    return state.phase() instanceof Mailing mail
        ? mailing.interrupted(state, mail.transaction(), (ServerReply) heard)
        : heard(state, heard);
  }

  private static boolean isOpening(ClientState state) {
    return state.phase() instanceof Greeting
        || state.phase() instanceof Hello
        || state.phase() instanceof StartingTls
        || state.phase() instanceof LoggingIn;
  }

  private Step<ClientState, ClientOutput, ClientEffect> send(ClientState state, OutgoingMail mail) {
    if (!(state.phase() instanceof Idle)) {
      Turn turn =
          new Turn()
              .run(
                  new ClientEffect.Finished(
                      Outcomes.all(mail, "the connection is closed already"), false));
      return turn.to(state);
    }
    return Admission.needsScan(mail, state.offered())
        ? new Turn()
            .run(new ClientEffect.Scan(mail, !state.offered().hasEightBit()))
            .to(state.with(new Scanning(mail)))
        : admitted(state, mail, ContentScan.ASCII);
  }

  private Step<ClientState, ClientOutput, ClientEffect> admitted(
      ClientState state, OutgoingMail mail, ContentScan content) {
    Transaction transaction = Admission.check(state, mail, content);
    if (transaction.isDecided()) {
      return new Turn()
          .run(new ClientEffect.Finished(transaction.decided(), true))
          .to(state.with(new Idle()));
    }
    return mailing.begin(state, transaction);
  }

  private Step<ClientState, ClientOutput, ClientEffect> unreadable(ClientState state, String why) {
    if (state.phase() instanceof Mailing mail) {
      return mailing.unreadable(state, mail.transaction(), why);
    } else if (state.phase() instanceof Scanning scanning) {
      return mailing.unreadable(state, Transaction.of(scanning.mail()), why);
    }
    return new Turn().to(state);
  }

  private Step<ClientState, ClientOutput, ClientEffect> quit(ClientState state) {
    if (state.phase() instanceof Idle) {
      return new Turn()
          .say(CommandGrammar.QUIT)
          .run(new ClientEffect.Unusable())
          .to(state.with(new Quitting()));
    }
    return state.phase() instanceof Quitting
        ? new Turn().to(state)
        : end(state, false, "the connection was closed from this side", false);
  }

  private Step<ClientState, ClientOutput, ClientEffect> timedOut(ClientState state) {
    if (state.phase() instanceof Idle) {
      return quit(state);
    }
    String limit = state.timeout(rules.settings()).toString().substring("PT".length());
    String why = state.awaited() + " did not come within " + limit.toLowerCase(Locale.ROOT);
    return state.phase() instanceof Mailing mail
        ? mailing.outOfStep(state, mail.transaction(), why)
        : end(state, false, why, false);
  }

  /** Whatever was under way has an outcome, and the connection ends. */
  private Step<ClientState, ClientOutput, ClientEffect> end(
      ClientState state, boolean isTlsFailure, String why, boolean isInBody) {
    if (isOpening(state)) {
      RemoteReply reply = new RemoteReply(0, isTlsFailure ? "4.7.5" : "4.4.2", why);
      Stage stage = isTlsFailure ? Stage.TLS : stage(state);
      return new Turn()
          .run(new ClientEffect.OpenFailed(new HopFailedException(stage, reply)))
          .close(state);
    } else if (state.phase() instanceof Mailing mail) {
      return mailing.lost(state, mail.transaction(), why, isInBody);
    } else if (state.phase() instanceof Scanning scanning) {
      return mailing.lost(state, Transaction.of(scanning.mail()), why, false);
    } else if (state.phase() instanceof Closed) {
      return new Turn().to(state);
    }
    return new Turn().run(new ClientEffect.Unusable()).close(state);
  }

  private static Stage stage(ClientState state) {
    if (state.phase() instanceof Hello) {
      return Stage.HELLO;
    } else if (state.phase() instanceof StartingTls) {
      return Stage.TLS;
    }
    return state.phase() instanceof LoggingIn ? Stage.LOGIN : Stage.GREETING;
  }
}
