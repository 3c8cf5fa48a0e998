package dev.staffetta.account;

import dev.staffetta.config.AccountSettings.Passwords;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * PBKDF2 with HMAC-SHA-1 (RFC 8018 5.2) as Dovecot writes it: {@code
 * {PBKDF2}$1$salt$rounds$hexadecimal}.
 */
final class Pbkdf2Hash implements PasswordHash {
  private static final Pattern FORM =
      Pattern.compile("\\$1\\$([^$]{1,64})\\$(\\d{1,7})\\$([0-9A-Fa-f]{40})");
  private static final int MOST_ROUNDS = 1_000_000;
  private static final int BITS = 160;

  private final String text;
  private final String salt;
  private final int rounds;
  private final byte[] hash;

  private Pbkdf2Hash(String text, String salt, int rounds, byte[] hash) {
    this.text = text;
    this.salt = salt;
    this.rounds = rounds;
    this.hash = hash;
  }

  static Optional<PasswordHash> parse(String value) {
    Matcher matcher = FORM.matcher(value);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int rounds = Integer.parseInt(matcher.group(2));
    return rounds >= 1 && rounds <= MOST_ROUNDS
        ? Optional.of(
            new Pbkdf2Hash(
                "{PBKDF2}" + value,
                matcher.group(1),
                rounds,
                HexFormat.of().parseHex(matcher.group(3))))
        : Optional.empty();
  }

  @Override
  public boolean verify(String password) {
    PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA1Digest());
    generator.init(
        password.getBytes(StandardCharsets.UTF_8), salt.getBytes(StandardCharsets.UTF_8), rounds);
    byte[] key = ((KeyParameter) generator.generateDerivedParameters(BITS)).getKey();
    return MessageDigest.isEqual(hash, key);
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
