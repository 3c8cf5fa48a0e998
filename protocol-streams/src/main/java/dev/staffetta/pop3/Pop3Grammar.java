package dev.staffetta.pop3;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.pekko.util.ByteString;

/**
 * Reads command lines (RFC 1939 3, RFC 2449 3): {@code keyword *(SP argument)}, the keyword in any
 * case. Total: any bytes are some command, if only a malformed one.
 *
 * <p>Two liberties: blanks at the end of a line mean nothing, but for a password; text may be
 * UTF-8.
 */
final class Pop3Grammar {
  private static final String NUMBER_WANTED = "needs a message number";

  private Pop3Grammar() {}

  /** The text of a line; empty when it is not UTF-8 or has control characters. */
  static Optional<String> text(ByteString line) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(line.asByteBuffer()).toString();
      return Optional.of(text).filter(t -> t.chars().noneMatch(Character::isISOControl));
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** The command of a line. */
  static Pop3Command parse(ByteString line) {
    return text(line)
        .map(Pop3Grammar::parse)
        .orElseGet(() -> new Pop3Command.Malformed("that is no text"));
  }

  private static Pop3Command parse(String line) {
    int blank = line.indexOf(' ');
    String keyword = (blank < 0 ? line : line.substring(0, blank)).toUpperCase(Locale.ROOT);
    Optional<String> rest = blank < 0 ? Optional.empty() : Optional.of(line.substring(blank + 1));
    return switch (keyword) {
      case "CAPA" -> alone(keyword, rest, Pop3Command.Capa::new);
      case "USER" -> user(rest);
      case "PASS" ->
          rest.<Pop3Command>map(Pop3Command.Pass::new)
              .orElseGet(() -> new Pop3Command.Malformed("PASS needs a password"));
      case "AUTH" -> auth(rest);
      case "STLS" -> alone(keyword, rest, Pop3Command.Stls::new);
      case "STAT" -> alone(keyword, rest, Pop3Command.Stat::new);
      case "LIST" -> perhapsNumber(keyword, rest, Pop3Command.ListSizes::new);
      case "UIDL" -> perhapsNumber(keyword, rest, Pop3Command.Uidl::new);
      case "RETR" -> number(keyword, rest, Pop3Command.Retr::new);
      case "TOP" -> top(rest);
      case "DELE" -> number(keyword, rest, Pop3Command.Dele::new);
      case "RSET" -> alone(keyword, rest, Pop3Command.Rset::new);
      case "NOOP" -> alone(keyword, rest, Pop3Command.Noop::new);
      case "QUIT" -> alone(keyword, rest, Pop3Command.Quit::new);
      default -> new Pop3Command.Malformed("unknown command");
    };
  }

  private static Pop3Command user(Optional<String> rest) {
    return rest.map(String::strip)
        .filter(name -> !name.isEmpty())
        .<Pop3Command>map(Pop3Command.User::new)
        .orElseGet(() -> new Pop3Command.Malformed("USER needs a name"));
  }

  private static Pop3Command auth(Optional<String> rest) {
    String[] arguments = arguments(rest);
    if (arguments.length < 1 || arguments.length > 2) {
      return new Pop3Command.Malformed("AUTH needs a mechanism, and perhaps an initial response");
    }
    return new Pop3Command.Auth(
        arguments[0].toUpperCase(Locale.ROOT),
        arguments.length == 2 ? Optional.of(arguments[1]) : Optional.empty());
  }

  private static Pop3Command top(Optional<String> rest) {
    String[] arguments = arguments(rest);
    OptionalInt message = arguments.length == 2 ? number(arguments[0]) : OptionalInt.empty();
    OptionalInt lines = arguments.length == 2 ? number(arguments[1]) : OptionalInt.empty();
    if (message.isEmpty() || lines.isEmpty()) {
      return new Pop3Command.Malformed("TOP needs a message number and a number of lines");
    }
    return new Pop3Command.Top(message.getAsInt(), lines.getAsInt());
  }

  private static Pop3Command alone(
      String keyword, Optional<String> rest, Supplier<Pop3Command> command) {
    return arguments(rest).length == 0
        ? command.get()
        : new Pop3Command.Malformed(keyword + " takes no argument");
  }

  private static Pop3Command number(
      String keyword, Optional<String> rest, IntFunction<Pop3Command> command) {
    String[] arguments = arguments(rest);
    OptionalInt number = arguments.length == 1 ? number(arguments[0]) : OptionalInt.empty();
    return number.isPresent()
        ? command.apply(number.getAsInt())
        : new Pop3Command.Malformed(keyword + " " + NUMBER_WANTED);
  }

  private static Pop3Command perhapsNumber(
      String keyword, Optional<String> rest, Function<OptionalInt, Pop3Command> command) {
    return arguments(rest).length == 0
        ? command.apply(OptionalInt.empty())
        : number(keyword, rest, number -> command.apply(OptionalInt.of(number)));
  }

  private static String[] arguments(Optional<String> rest) {
    String text = rest.orElse("").strip();
    return text.isEmpty() ? new String[0] : text.split(" +");
  }

  private static OptionalInt number(String digits) {
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalInt.empty();
    }
    String significant = digits.replaceFirst("^0+(?=.)", "");
    return OptionalInt.of(
        significant.length() > 10
            ? Integer.MAX_VALUE
            : (int) Math.min(Integer.MAX_VALUE, Long.parseLong(significant)));
  }
}
