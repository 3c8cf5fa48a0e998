package dev.staffetta.account;

import dev.staffetta.config.AccountSettings.Passwords;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * A string of crypt(3), as in {@code /etc/shadow}: bcrypt ({@code $2a$}, {@code $2b$}, {@code
 * $2y$}), SHA-256 ({@code $5$}) or SHA-512 ({@code $6$}). The older ones, DES and MD5, are too weak
 * to be taken.
 */
final class CryptHash implements PasswordHash {
  private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
  private static final Pattern SHA =
      Pattern.compile(
          "\\$([56])\\$(?:rounds=(\\d{4,7})\\$)?[^$:\\s]{1,16}\\$([./A-Za-z0-9]{43}|[./A-Za-z0-9]{86})");

  /** Of bcrypt, a power of two: one to two seconds. */
  private static final int MOST_COST = 14;

  private static final int LEAST_COST = 4;
  private static final int MOST_ROUNDS = 500_000;

  private final String crypt;

  private CryptHash(String crypt) {
    this.crypt = crypt;
  }

  static Optional<PasswordHash> parse(String crypt) {
    Matcher bcrypt = BCRYPT.matcher(crypt);
    if (bcrypt.matches()) {
      int cost = Integer.parseInt(bcrypt.group(1));
      return cost >= LEAST_COST && cost <= MOST_COST
          ? Optional.of(new CryptHash(crypt))
          : Optional.empty();
    }
    Matcher sha = SHA.matcher(crypt);
    return sha.matches()
            && (sha.group(2) == null || Integer.parseInt(sha.group(2)) <= MOST_ROUNDS)
            && sha.group(3).length() == (sha.group(1).equals("5") ? 43 : 86)
        ? Optional.of(new CryptHash(crypt))
        : Optional.empty();
  }

  @Override
  public boolean verify(String password) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    if (crypt.startsWith("$2")) {
      return OpenBSDBCrypt.checkPassword(crypt, bytes);
    }
    // The salt is taken from before the last '$', and the bytes are wiped.
    String again =
        crypt.startsWith("$5")
            ? Sha2Crypt.sha256Crypt(bytes, crypt)
            : Sha2Crypt.sha512Crypt(bytes, crypt);
    return MessageDigest.isEqual(
        again.getBytes(StandardCharsets.US_ASCII), crypt.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public boolean isAsGoodAs(Passwords settings) {
    return false;
  }

  @Override
  public String toString() {
    return crypt;
  }
}
