package dev.staffetta.account;

import dev.staffetta.config.AccountSettings.Passwords;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * A digest of password and salt, followed by the salt, in Base64, as LDAP directories have it:
 * {@code {SSHA512}…}. It is quick to try passwords against, so it goes at the first login.
 */
final class SaltedDigest implements PasswordHash {
  private static final int MOST_SALT_BYTES = 64;

  private record Algorithm(String name, int bytes) {}

  private static final Map<String, Algorithm> ALGORITHMS =
      Map.of(
          "SSHA", new Algorithm("SHA-1", 20),
          "SSHA256", new Algorithm("SHA-256", 32),
          "SSHA512", new Algorithm("SHA-512", 64));

  private final String text;
  private final Algorithm algorithm;
  private final byte[] digestAndSalt;

  private SaltedDigest(String text, Algorithm algorithm, byte[] digestAndSalt) {
    this.text = text;
    this.algorithm = algorithm;
    this.digestAndSalt = digestAndSalt;
  }

  /**
   * Reads one.
   *
   * @param scheme one of SSHA, SSHA256, SSHA512
   */
  static Optional<PasswordHash> parse(String scheme, String base64) {
    Algorithm algorithm = ALGORITHMS.get(scheme);
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return bytes.length > algorithm.bytes() && bytes.length <= algorithm.bytes() + MOST_SALT_BYTES
          ? Optional.of(new SaltedDigest("{" + scheme + "}" + base64, algorithm, bytes))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean verify(String password) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm.name());
      digest.update(password.getBytes(StandardCharsets.UTF_8));
      digest.update(digestAndSalt, algorithm.bytes(), digestAndSalt.length - algorithm.bytes());
      return MessageDigest.isEqual(
          digest.digest(), Arrays.copyOf(digestAndSalt, algorithm.bytes()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + algorithm.name(), e);
    }
  }

  @Override
  public boolean isAsGoodAs(Passwords settings) {
    return false;
  }

  @Override
  public String toString() {
    return text;
  }
}
