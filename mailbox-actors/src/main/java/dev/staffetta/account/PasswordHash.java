package dev.staffetta.account;

import dev.staffetta.config.AccountSettings.Passwords;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A password as it is kept. New ones are Argon2id. Those of accounts that came from another server
 * are what they were there, until their owner has logged in.
 *
 * <p>Hashing and verifying may take tens of milliseconds and megabytes: not for a thread that must
 * not wait.
 */
public interface PasswordHash {
  /** Whether this is the password. */
  boolean verify(String password);

  /** Whether a new hash under these settings would be no better. */
  boolean isAsGoodAs(Passwords settings);

  /** As it is kept, and read again by {@link #parse}. */
  @Override
  String toString();

  /** Hashes a new password with a new salt. */
  static PasswordHash of(String password, Passwords settings) {
    return Argon2Hash.of(password, settings);
  }

  /**
   * Reads a hash: a PHC or crypt(3) string, perhaps after its scheme in braces as Dovecot writes it
   * ({@code {BLF-CRYPT}$2y$…}), or a salted digest or PBKDF2 after its scheme.
   *
   * @return empty: it is none that is known, or would cost too much to verify
   */
  static Optional<PasswordHash> parse(String text) {
    Matcher matcher = Schemes.PREFIXED.matcher(text);
    if (!matcher.matches()) {
      return Argon2Hash.parse(text).or(() -> CryptHash.parse(text));
    }
    String value = matcher.group(2);
    return switch (matcher.group(1).toUpperCase(Locale.ROOT)) {
      case "ARGON2ID", "ARGON2I" -> Argon2Hash.parse(value);
      case "CRYPT", "BLF-CRYPT", "SHA256-CRYPT", "SHA512-CRYPT" -> CryptHash.parse(value);
      case "SSHA" -> SaltedDigest.parse("SSHA", value);
      case "SSHA256" -> SaltedDigest.parse("SSHA256", value);
      case "SSHA512" -> SaltedDigest.parse("SSHA512", value);
      case "PBKDF2" -> Pbkdf2Hash.parse(value);
      default -> Optional.empty();
    };
  }

  /** What stands before a hash. */
  final class Schemes {
    private static final Pattern PREFIXED = Pattern.compile("\\{([A-Za-z0-9.-]{1,20})\\}(.*)");

    private Schemes() {}
  }
}
