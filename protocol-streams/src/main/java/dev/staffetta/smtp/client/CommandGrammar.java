package dev.staffetta.smtp.client;

import dev.staffetta.mime.BodyPart;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.EnvelopeOptions.ForRecipient;
import dev.staffetta.ports.MailAddress;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Collectors;

/** Commands as they are sent, with CRLF. */
final class CommandGrammar {
  static final String STARTTLS = "STARTTLS\r\n";
  static final String RSET = "RSET\r\n";
  static final String DATA = "DATA\r\n";
  static final String QUIT = "QUIT\r\n";

  /** The end of a message without a line. */
  static final String LONE_DOT = ".\r\n";

  private CommandGrammar() {}

  static String hello(String verb, String ownName) {
    return verb + " " + ownName + "\r\n";
  }

  /** RFC 4616, with its initial response (RFC 4954 4). */
  static String authPlain(Hop.Login login) {
    return "AUTH PLAIN " + base64("\0" + login.user() + "\0" + login.password());
  }

  /** A line in base64. */
  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "\r\n";
  }

  /** MAIL with the parameters that the server knows. */
  static String mail(OutgoingMail mail, Extensions offered) {
    EnvelopeOptions options = mail.options();
    StringBuilder command = new StringBuilder("MAIL FROM:<");
    command.append(mail.reversePath().map(CommandGrammar::mailbox).orElse("")).append('>');
    if (offered.hasSize()) {
      command.append(" SIZE=").append(mail.size());
    }
    if (offered.hasEightBit() && (options.isEightBit() || options.isUtf8() || isEightBit(mail))) {
      command.append(" BODY=8BITMIME");
    }
    if (offered.hasUtf8() && isUtf8(mail)) {
      command.append(" SMTPUTF8");
    }
    if (options.requiresTls()) {
      command.append(" REQUIRETLS");
    }
    if (offered.hasReports()) {
      options.returned().ifPresent(returned -> command.append(" RET=").append(returned));
      options.envelopeId().ifPresent(id -> command.append(" ENVID=").append(xtext(id)));
    }
    return command.append("\r\n").toString();
  }

  /** RCPT with the parameters that the server knows. */
  static String recipient(MailAddress recipient, ForRecipient asked, Extensions offered) {
    StringBuilder command = new StringBuilder("RCPT TO:<");
    command.append(mailbox(recipient)).append('>');
    if (offered.hasReports()) {
      asked
          .reports()
          .map(
              reports ->
                  reports.isEmpty()
                      ? "NEVER"
                      : reports.stream().sorted().map(Enum::name).collect(Collectors.joining(",")))
          .ifPresent(reports -> command.append(" NOTIFY=").append(reports));
      asked
          .originalRecipient()
          .flatMap(CommandGrammar::originalRecipient)
          .ifPresent(original -> command.append(" ORCPT=").append(original));
    }
    return command.append("\r\n").toString();
  }

  /** RFC 3030 2: the whole message as the one and last chunk. */
  static String lastChunk(long size) {
    return "BDAT " + size + " LAST\r\n";
  }

  /** Whether it can be said only to a server that knows RFC 6531. */
  static boolean isAscii(MailAddress address) {
    return isAscii(address.localPart());
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  /** Whether it can be written as a Mailbox at all (RFC 5321 4.1.2). */
  static boolean isValid(MailAddress address) {
    String domain = address.domain();
    return !address.localPart().isEmpty()
        && !domain.isEmpty()
        && address.localPart().chars().noneMatch(Character::isISOControl)
        && domain.chars().noneMatch(c -> Character.isISOControl(c) || " <>\"".indexOf(c) >= 0)
        && asciiDomain(domain).isPresent();
  }

  private static Optional<String> asciiDomain(String domain) {
    if (isAscii(domain)) {
      return Optional.of(domain);
    }
    try {
      return Optional.of(IDN.toASCII(domain));
    } catch (IllegalArgumentException notADomain) {
      return Optional.empty();
    }
  }

  private static String mailbox(MailAddress address) {
    String domain = asciiDomain(address.domain()).orElse(address.domain());
    return localPart(address.localPart()) + "@" + domain;
  }

  private static String localPart(String localPart) {
    boolean isDotString =
        !localPart.startsWith(".")
            && !localPart.endsWith(".")
            && !localPart.contains("..")
            && localPart.chars().allMatch(CommandGrammar::isAtextOrDot);
    return isDotString
        ? localPart
        : "\"" + localPart.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static boolean isAtextOrDot(int c) {
    return c >= 0x80
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || ".!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
  }

  private static boolean isUtf8(OutgoingMail mail) {
    return mail.options().isUtf8()
        || !mail.reversePath().map(CommandGrammar::isAscii).orElse(true)
        || !mail.recipients().stream().allMatch(CommandGrammar::isAscii);
  }

  private static boolean isEightBit(OutgoingMail mail) {
    return isEightBit(mail.summary().body());
  }

  private static boolean isEightBit(BodyPart part) {
    return part.encoding().map(e -> e.equals("8bit") || e.equals("binary")).orElse(false)
        || part.parts().stream().anyMatch(CommandGrammar::isEightBit)
        || part.message().map(message -> isEightBit(message.body())).orElse(false);
  }

  /** Type and address; one that is not of ASCII would need RFC 6533, and is left out. */
  private static Optional<String> originalRecipient(String original) {
    int semicolon = original.indexOf(';');
    if (semicolon < 1 || !isAscii(original)) {
      return Optional.empty();
    }
    String type = original.substring(0, semicolon);
    return type.chars().allMatch(CommandGrammar::isAtextOrDot)
        ? Optional.of(type + ";" + xtext(original.substring(semicolon + 1)))
        : Optional.empty();
  }

  /** RFC 3461 4. */
  static String xtext(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      if (octet > ' ' && octet < 0x7f && octet != '+' && octet != '=') {
        encoded.append((char) octet);
      } else {
        encoded.append(String.format("+%02X", octet & 0xff));
      }
    }
    return encoded.toString();
  }
}
