package dev.staffetta.imap.session;

import dev.staffetta.imap.framing.ImapFrame;
import dev.staffetta.imap.framing.ImapMode;
import dev.staffetta.imap.grammar.Command;
import dev.staffetta.imap.reply.Reply;
import dev.staffetta.imap.reply.ResponseCode;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sasl.PlainCredentials;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** LOGIN and AUTHENTICATE PLAIN (RFC 3501 6.2.2, 6.2.3; RFC 4616; RFC 4959). */
final class LoggingIn {
  private LoggingIn() {}

  /** AUTHENTICATE: with an initial response, or asks for the response. */
  static void authenticate(Turn turn, Command.Authenticate command) {
    if (!command.mechanism().equals("PLAIN")) {
      turn.no(ResponseCode.CANNOT, "The mechanism is PLAIN");
    } else if (!turn.state().mayTellPassword()) {
      refusePlainText(turn);
    } else if (command.initialResponse().isPresent()) {
      plain(turn, command.initialResponse().get());
    } else {
      turn.say("+ ");
      turn.read(new ReadingResponse());
    }
  }

  /** Waits for the client's response to the empty challenge. */
  record ReadingResponse() implements Reading {
    @Override
    public void on(Turn turn, ImapFrame frame) {
      if (frame instanceof ImapFrame.Line line) {
        turn.read(Reading.COMMAND);
        String response = line.text().decodeString(StandardCharsets.ISO_8859_1);
        if (response.equals("*")) {
          turn.bad("AUTHENTICATE was cancelled");
        } else {
          plain(turn, response);
        }
      } else if (frame instanceof ImapFrame.LiteralAhead ahead) {
        SkippingCommand.refuse(
            turn, Optional.of(ahead.literal()), t -> t.bad("A response is a line of Base64"));
      } else if (frame instanceof ImapFrame.Overlong overlong) {
        SkippingCommand.refuse(
            turn, overlong.literal(), t -> t.bad("A response is a short line of Base64"));
      }
    }
  }

  private static void plain(Turn turn, String response) {
    Optional<PlainCredentials> credentials = PlainCredentials.parse(response);
    if (credentials.isEmpty()) {
      turn.bad("PLAIN's response is [authzid] NUL user NUL password, in UTF-8 and Base64");
    } else if (credentials.get().isForAnother()) {
      failed(turn, ResponseCode.AUTHORIZATIONFAILED, "Nobody may act for somebody else here");
    } else {
      login(turn, credentials.get().user(), credentials.get().password(), "AUTHENTICATE");
    }
  }

  /** Logs in by a password. */
  static void login(Turn turn, String user, String password, String command) {
    if (!turn.state().mayTellPassword()) {
      refusePlainText(turn);
      return;
    }
    turn.ask(
        new Effect.Authenticate(user, password, turn.state().connection().remote().getAddress()),
        (t, account) -> loggedIn(t, account, command),
        LoggingIn::refused);
  }

  private static void loggedIn(Turn turn, AccountId account, String command) {
    turn.state(turn.state().with(account));
    turn.say(new Reply.Mode(new ImapMode.Lines(turn.settings().maxLineInBytes())));
    // No CAPABILITY code here (RFC 3501 7.1 allows it): Commons Net takes a tagged line of more
    // than
    // some 80 octets for no reply at all. Clients ask anew for what changed by logging in.
    turn.quietOk(ResponseCode.NONE, command + " completed");
  }

  private static void refused(Turn turn, Refusal refusal) {
    if (refusal.code() == Refusal.Code.UNAVAILABLE) {
      turn.no(refusal);
    } else {
      // Whether the user or the password was wrong is nobody's business (RFC 5530 3).
      failed(turn, ResponseCode.AUTHENTICATIONFAILED, "User or password is wrong");
    }
  }

  private static void failed(Turn turn, ResponseCode code, String text) {
    turn.no(code, text);
    int failures = turn.state().failedLogins() + 1;
    turn.state(turn.state().withFailedLogins(failures));
    if (failures >= turn.settings().maxFailedLogins()) {
      turn.bye(ResponseCode.NONE, "Too many failed logins");
    }
  }

  private static void refusePlainText(Turn turn) {
    turn.no(ResponseCode.PRIVACYREQUIRED, "Start TLS first, so that the password stays secret");
  }
}
