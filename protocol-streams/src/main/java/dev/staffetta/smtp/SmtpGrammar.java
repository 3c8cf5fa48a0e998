package dev.staffetta.smtp;

import dev.staffetta.ports.MailAddress;
import dev.staffetta.smtp.SmtpCommand.NotUnderstood;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.util.ByteString;

/**
 * Command lines to commands (RFC 5321 4.1.1, RFC 3207, RFC 3030, RFC 4954).
 *
 * <p>As strict as the grammar, but for two things that people do by hand and old clients do too:
 * spaces after {@code FROM:} and {@code TO:}, and white space at the end of a line. Never throws:
 * what it does not understand is a command too.
 */
final class SmtpGrammar {
  /** RFC 4954 4: the longest AUTH command and the longest response, in octets. */
  static final int MAX_AUTH_LINE = 12288;

  /** RFC 3030 2 sets no limit; so many digits hold any message and fit a long. */
  private static final int MAX_CHUNK_DIGITS = 18;

  /** Commands of RFC 821, 1985, 2645 and 5321 that are not offered here. */
  private static final Set<String> NOT_IMPLEMENTED =
      Set.of("EXPN", "SEND", "SOML", "SAML", "TURN", "ATRN", "ETRN");

  private SmtpGrammar() {}

  /**
   * The command of a line.
   *
   * @param line without CRLF
   * @param maxCommandLine the longest line but for AUTH, in octets
   */
  static SmtpCommand parse(ByteString line, int maxCommandLine) {
    try {
      return command(text(line), line.length(), maxCommandLine);
    } catch (SyntaxFault fault) {
      return new NotUnderstood(fault.reply());
    }
  }

  private static SmtpCommand command(String line, int lengthInOctets, int maxCommandLine)
      throws SyntaxFault {
    TextCursor text = new TextCursor(line);
    String verb = text.takeWhile(c -> c > ' ').toUpperCase(Locale.ROOT);
    if (lengthInOctets > (verb.equals("AUTH") ? MAX_AUTH_LINE : maxCommandLine)) {
      throw new SyntaxFault(500, "5.5.2", "line too long");
    }
    spaces(text);
    return switch (verb) {
      case "EHLO" -> new SmtpCommand.Hello(client(text), true);
      case "HELO" -> new SmtpCommand.Hello(client(text), false);
      case "MAIL" -> mail(text);
      case "RCPT" -> rcpt(text);
      case "DATA" -> withoutParameters(new SmtpCommand.Data(), verb, text);
      case "BDAT" -> bdat(text);
      case "RSET" -> withoutParameters(new SmtpCommand.Rset(), verb, text);
      case "NOOP" -> new SmtpCommand.Noop();
      case "VRFY" -> vrfy(text);
      case "HELP" -> new SmtpCommand.Help();
      case "QUIT" -> withoutParameters(new SmtpCommand.Quit(), verb, text);
      case "STARTTLS" -> withoutParameters(new SmtpCommand.StartTls(), verb, text);
      case "AUTH" -> auth(text);
      default ->
          throw NOT_IMPLEMENTED.contains(verb)
              ? new SyntaxFault(502, "5.5.1", verb + " is not implemented")
              : new SyntaxFault(500, "5.5.1", "command not recognized");
    };
  }

  /** As characters, without white space at its end (RFC 5321 4.1.1). */
  private static String text(ByteString line) throws SyntaxFault {
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(line.toArrayUnsafe()))
              .toString();
    } catch (CharacterCodingException e) {
      throw new SyntaxFault(500, "5.5.2", "the line is neither ASCII nor UTF-8");
    }
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
      end--;
    }
    String trimmed = text.substring(0, end);
    if (trimmed.isEmpty()) {
      throw new SyntaxFault(500, "5.5.2", "empty line");
    }
    if (trimmed.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new SyntaxFault(500, "5.5.2", "the line has a control character");
    }
    return trimmed;
  }

  private static SmtpCommand withoutParameters(SmtpCommand command, String verb, TextCursor text)
      throws SyntaxFault {
    if (!text.atEnd()) {
      throw parameterFault(verb + " has no parameters");
    }
    return command;
  }

  /**
   * What a client names itself by. An underscore is taken too: names of desktop machines have it,
   * and a server must not refuse mail for this name (RFC 5321 4.1.4).
   */
  private static String client(TextCursor text) throws SyntaxFault {
    String client = text.rest();
    boolean literal =
        client.startsWith("[")
            && client.endsWith("]")
            && AddressLiteral.isValid(client.substring(1, client.length() - 1));
    if (client.length() > 255 || !(literal || PathGrammar.isDomain(client.replace('_', 'x')))) {
      // RFC 2034 4: no enhanced status code in answers to HELO and EHLO.
      throw new SyntaxFault(501, "", "a domain or an address literal must follow");
    }
    return client;
  }

  private static SmtpCommand mail(TextCursor text) throws SyntaxFault {
    if (!text.skipIgnoringCase("FROM:")) {
      throw parameterFault("the syntax is MAIL FROM:<address> [parameters]");
    }
    spaces(text);
    Optional<MailAddress> sender = PathGrammar.reversePath(text);
    return new SmtpCommand.Mail(sender, MailParameters.parse(text));
  }

  private static SmtpCommand rcpt(TextCursor text) throws SyntaxFault {
    if (!text.skipIgnoringCase("TO:")) {
      throw parameterFault("the syntax is RCPT TO:<address> [parameters]");
    }
    spaces(text);
    Optional<MailAddress> recipient = PathGrammar.forwardPath(text);
    return new SmtpCommand.Rcpt(recipient, RcptParameters.parse(text));
  }

  private static SmtpCommand bdat(TextCursor text) throws SyntaxFault {
    String octets = text.takeWhile(c -> c >= '0' && c <= '9');
    boolean spaced = text.isAt(' ');
    spaces(text);
    boolean last = spaced && text.skipIgnoringCase("LAST");
    if (octets.isEmpty() || octets.length() > MAX_CHUNK_DIGITS || !text.atEnd()) {
      throw parameterFault("the syntax is BDAT octets [LAST]");
    }
    return new SmtpCommand.Bdat(Long.parseLong(octets), last);
  }

  private static SmtpCommand vrfy(TextCursor text) throws SyntaxFault {
    if (text.atEnd()) {
      throw parameterFault("VRFY is followed by a name or an address");
    }
    return new SmtpCommand.Vrfy();
  }

  private static SmtpCommand auth(TextCursor text) throws SyntaxFault {
    String mechanism = text.takeWhile(c -> c > ' ').toUpperCase(Locale.ROOT);
    spaces(text);
    String response = text.rest();
    if (mechanism.isEmpty() || response.indexOf(' ') >= 0) {
      throw parameterFault("the syntax is AUTH mechanism [initial-response]");
    }
    return new SmtpCommand.Auth(
        mechanism, response.isEmpty() ? Optional.empty() : Optional.of(response));
  }

  private static void spaces(TextCursor text) {
    text.takeWhile(c -> c == ' ');
  }

  private static SyntaxFault parameterFault(String text) {
    return new SyntaxFault(501, "5.5.4", text);
  }
}
