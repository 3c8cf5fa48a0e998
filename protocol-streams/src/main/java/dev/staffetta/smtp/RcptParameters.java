package dev.staffetta.smtp;

import dev.staffetta.ports.EnvelopeOptions.ForRecipient;
import dev.staffetta.ports.EnvelopeOptions.Notify;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The parameters of RCPT: NOTIFY and ORCPT (RFC 3461 4.1, 4.2; RFC 6533 3). */
final class RcptParameters {
  /** RFC 3461 4.2, as sent. */
  private static final int MAX_ORIGINAL_RECIPIENT = 500;

  private RcptParameters() {}

  /** Parses what follows the path, up to the end of the line. */
  static ForRecipient parse(TextCursor text) throws SyntaxFault {
    Optional<Set<Notify>> reports = Optional.empty();
    Optional<String> originalRecipient = Optional.empty();
    for (Parameter parameter : Parameter.all(text)) {
      switch (parameter.keyword()) {
        case "NOTIFY" -> reports = Optional.of(reports(parameter.value()));
        case "ORCPT" -> originalRecipient = Optional.of(originalRecipient(parameter.value()));
        default -> throw Parameter.notRecognized();
      }
    }
    return new ForRecipient(reports, originalRecipient);
  }

  private static Set<Notify> reports(String value) throws SyntaxFault {
    if (value.equalsIgnoreCase("NEVER")) {
      return Set.of();
    }
    Set<Notify> reports = EnumSet.noneOf(Notify.class);
    for (String word : value.split(",", -1)) {
      boolean isNew =
          reports.add(
              switch (word.toUpperCase(Locale.ROOT)) {
                case "SUCCESS" -> Notify.SUCCESS;
                case "FAILURE" -> Notify.FAILURE;
                case "DELAY" -> Notify.DELAY;
                default ->
                    throw Parameter.fault(
                        "NOTIFY= is followed by NEVER alone, or SUCCESS, FAILURE, DELAY with"
                            + " commas");
              });
      if (!isNew) {
        throw Parameter.fault("NOTIFY= names a report twice");
      }
    }
    return reports;
  }

  /** Type and address; the type as sent, the address decoded. */
  private static String originalRecipient(String value) throws SyntaxFault {
    if (value.length() > MAX_ORIGINAL_RECIPIENT) {
      throw Parameter.fault("ORCPT= has at most " + MAX_ORIGINAL_RECIPIENT + " characters");
    }
    int semicolon = value.indexOf(';');
    String type = value.substring(0, Math.max(semicolon, 0));
    if (type.isEmpty() || !type.chars().allMatch(RcptParameters::isAtom)) {
      throw Parameter.fault("ORCPT= is followed by the type of an address and a semicolon");
    }
    String encoded = value.substring(semicolon + 1);
    Optional<String> address =
        type.equalsIgnoreCase("utf-8")
            ? Xtext.decodeUtf8Address(encoded)
            : Xtext.decode(encoded).filter(PathGrammar::isAscii);
    return type
        + ";"
        + address
            .filter(Xtext::isPrintable)
            .orElseThrow(() -> Parameter.fault("ORCPT= is no address in xtext"));
  }

  private static boolean isAtom(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-/?^_`{|}~".indexOf(c) >= 0;
  }
}
