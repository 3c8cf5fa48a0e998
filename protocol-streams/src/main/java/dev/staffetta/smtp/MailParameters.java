package dev.staffetta.smtp;

import dev.staffetta.ports.EnvelopeOptions.Returned;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The parameters of MAIL: BODY (RFC 6152), SMTPUTF8 (RFC 6531), SIZE (RFC 1870), and for DSN RET
 * (RFC 3461 4.3), ENVID (RFC 3461 4.4), REQUIRETLS (RFC 8689) and AUTH (RFC 4954 5).
 *
 * <p>AUTH is checked and then forgotten: no client is trusted to tell who first submitted a
 * message, which is to be treated as {@code AUTH=<>}.
 *
 * @param envelopeId not encoded
 */
record MailParameters(
    OptionalLong sizeInOctets,
    boolean eightBit,
    boolean utf8,
    boolean requiresTls,
    Optional<Returned> returned,
    Optional<String> envelopeId) {
  /** None given. */
  static final MailParameters NONE =
      new MailParameters(
          OptionalLong.empty(), false, false, false, Optional.empty(), Optional.empty());

  /** RFC 1870 3: at most 20 digits. */
  private static final int MAX_SIZE_DIGITS = 20;

  /** RFC 3461 4.4, as sent. */
  private static final int MAX_ENVELOPE_ID = 100;

  /** Parses what follows the path, up to the end of the line. */
  static MailParameters parse(TextCursor text) throws SyntaxFault {
    MailParameters parameters = NONE;
    for (Parameter parameter : Parameter.all(text)) {
      parameters = parameters.with(parameter);
    }
    return parameters;
  }

  private MailParameters with(Parameter parameter) throws SyntaxFault {
    return switch (parameter.keyword()) {
      case "SIZE" ->
          new MailParameters(
              OptionalLong.of(size(parameter.value())),
              eightBit,
              utf8,
              requiresTls,
              returned,
              envelopeId);
      case "BODY" ->
          new MailParameters(
              sizeInOctets, isEightBit(parameter.value()), utf8, requiresTls, returned, envelopeId);
      case "SMTPUTF8" -> {
        parameter.requireNoValue();
        yield new MailParameters(sizeInOctets, eightBit, true, requiresTls, returned, envelopeId);
      }
      case "REQUIRETLS" -> {
        parameter.requireNoValue();
        yield new MailParameters(sizeInOctets, eightBit, utf8, true, returned, envelopeId);
      }
      case "RET" ->
          new MailParameters(
              sizeInOctets,
              eightBit,
              utf8,
              requiresTls,
              Optional.of(returned(parameter.value())),
              envelopeId);
      case "ENVID" ->
          new MailParameters(
              sizeInOctets,
              eightBit,
              utf8,
              requiresTls,
              returned,
              Optional.of(envelopeId(parameter.value())));
      case "AUTH" -> {
        requireAuth(parameter.value());
        yield this;
      }
      default -> throw Parameter.notRecognized();
    };
  }

  /** What does not fit a long is larger than any limit anyhow. */
  private static long size(String value) throws SyntaxFault {
    if (value.isEmpty()
        || value.length() > MAX_SIZE_DIGITS
        || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw Parameter.fault("SIZE= is followed by a number of octets");
    }
    return value.length() > 18 ? Long.MAX_VALUE : Long.parseLong(value);
  }

  private static boolean isEightBit(String value) throws SyntaxFault {
    return switch (value.toUpperCase(Locale.ROOT)) {
      case "7BIT" -> false;
      case "8BITMIME" -> true;
      case "BINARYMIME" -> throw new SyntaxFault(555, "5.5.4", "BINARYMIME is not offered");
      default -> throw Parameter.fault("BODY= is followed by 7BIT or 8BITMIME");
    };
  }

  private static Returned returned(String value) throws SyntaxFault {
    return switch (value.toUpperCase(Locale.ROOT)) {
      case "FULL" -> Returned.FULL;
      case "HDRS" -> Returned.HDRS;
      default -> throw Parameter.fault("RET= is followed by FULL or HDRS");
    };
  }

  private static String envelopeId(String value) throws SyntaxFault {
    if (value.length() > MAX_ENVELOPE_ID) {
      throw Parameter.fault("ENVID= has at most " + MAX_ENVELOPE_ID + " characters");
    }
    return Xtext.decode(value)
        .filter(Xtext::isPrintable)
        .filter(PathGrammar::isAscii)
        .orElseThrow(
            () -> Parameter.fault("ENVID= is followed by printable ASCII characters in xtext"));
  }

  private static void requireAuth(String value) throws SyntaxFault {
    if (!value.equals("<>") && Xtext.decode(value).isEmpty()) {
      throw Parameter.fault("AUTH= is followed by <> or an address in xtext");
    }
  }
}
