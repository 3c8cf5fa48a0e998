package dev.staffetta.admin;

import java.util.regex.Pattern;

/**
 * The password of an import's line: as somebody types it, or hashed elsewhere.
 *
 * <p>Hashed is what begins with a scheme in braces, as Dovecot writes it, or as a PHC or crypt(3)
 * string does. One that only looks like that is written behind {@code {PLAIN}}.
 */
sealed interface ImportedPassword {
  /** To be hashed. */
  record Plain(String text) implements ImportedPassword {}

  /** A hash, to be kept as it is. */
  record Hashed(String hash) implements ImportedPassword {}

  /** What text follows is a password as it is typed. */
  String PLAIN = "{PLAIN}";

  /** How a hash begins. */
  Pattern HASHED =
      Pattern.compile("(\\{[A-Za-z][A-Za-z0-9.-]*\\}|\\$(argon2|2[aby]\\$|[56]\\$)).*");

  /** Reads a field of a line. */
  static ImportedPassword of(String field) {
    if (field.regionMatches(true, 0, PLAIN, 0, PLAIN.length())) {
      return new Plain(AddressSyntax.password(field.substring(PLAIN.length())));
    }
    return HASHED.matcher(field).matches()
        ? new Hashed(field)
        : new Plain(AddressSyntax.password(field));
  }
}
