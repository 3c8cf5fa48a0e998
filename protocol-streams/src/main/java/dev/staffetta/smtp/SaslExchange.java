package dev.staffetta.smtp;

import dev.staffetta.sasl.PlainCredentials;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Waits for the client's response to a challenge (RFC 4954 4).
 *
 * @param mechanism how the response is to be read
 * @param user LOGIN's, once it is known
 */
record SaslExchange(Mechanism mechanism, Optional<String> user) implements SmtpPhase {
  /** The mechanisms that EHLO offers. */
  enum Mechanism {
    /** RFC 4616. */
    PLAIN,
    /** Never a standard, spoken by all: a user name, then a password. */
    LOGIN
  }

  private static final String ASK_USER = base64("Username:");
  private static final String ASK_PASSWORD = base64("Password:");

  private static final SmtpReply MALFORMED =
      SmtpReply.of(501, "5.5.2", "cannot decode the response");

  /** Starts the exchange. */
  static void begin(SmtpCommand.Auth auth, Turn turn) {
    switch (auth.mechanism()) {
      case "PLAIN" -> begin(Mechanism.PLAIN, "", auth.initialResponse(), turn);
      case "LOGIN" -> begin(Mechanism.LOGIN, ASK_USER, auth.initialResponse(), turn);
      default -> turn.fault(SmtpReply.of(504, "5.5.4", "the mechanisms are PLAIN and LOGIN"));
    }
  }

  private static void begin(
      Mechanism mechanism, String firstChallenge, Optional<String> initialResponse, Turn turn) {
    SaslExchange exchange = new SaslExchange(mechanism, Optional.empty());
    if (initialResponse.isPresent()) {
      exchange.response(initialResponse.get(), turn);
    } else {
      exchange.challenge(firstChallenge, turn);
    }
  }

  @Override
  public void line(ByteString text, Turn turn) {
    String response = text.decodeString(StandardCharsets.ISO_8859_1);
    if (response.equals("*")) {
      turn.await(new AwaitingCommand());
      turn.fault(SmtpReply.of(501, "5.7.0", "authentication cancelled"));
    } else {
      response(response, turn);
    }
  }

  @Override
  public void badLine(SmtpFrame.BadLine.Fault fault, Turn turn) {
    turn.await(new AwaitingCommand());
    turn.fault(
        switch (fault) {
          case TOO_LONG -> SmtpReply.of(500, "5.5.6", "authentication exchange line is too long");
          case BARE_CR_OR_LF ->
              SmtpReply.of(500, "5.5.2", "lines end with CRLF, not with CR or LF");
        });
  }

  private void response(String base64, Turn turn) {
    turn.await(new AwaitingCommand());
    switch (mechanism) {
      case PLAIN -> plain(base64, turn);
      case LOGIN -> login(base64, turn);
    }
  }

  private static void plain(String base64, Turn turn) {
    Optional<PlainCredentials> credentials = PlainCredentials.parse(base64);
    if (credentials.isEmpty()) {
      turn.fault(MALFORMED);
    } else if (credentials.get().isForAnother()) {
      turn.refuseAuthentication(SmtpReply.of(535, "5.7.8", "nobody may act for another user here"));
    } else {
      verify(credentials.get().user(), credentials.get().password(), turn);
    }
  }

  private void login(String base64, Turn turn) {
    Optional<String> text = decoded(base64);
    if (text.isEmpty()) {
      turn.fault(MALFORMED);
    } else if (user.isEmpty()) {
      new SaslExchange(mechanism, text).challenge(ASK_PASSWORD, turn);
    } else {
      verify(user.get(), text.get(), turn);
    }
  }

  private static void verify(String user, String password, Turn turn) {
    turn.run(
        new SmtpEffect.Authenticate(
            user, password, turn.state().connection().remote().getAddress()));
    turn.await(new VerifyingPassword());
  }

  private void challenge(String base64, Turn turn) {
    turn.reply(SmtpReply.plain(334, base64));
    turn.await(this);
  }

  private static Optional<String> decoded(String base64) {
    try {
      byte[] octets = Base64.getDecoder().decode(base64.equals("=") ? "" : base64);
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }
}
