package dev.staffetta.account;

import dev.staffetta.config.AccountSettings.Passwords;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id or Argon2i (RFC 9106), written as a PHC string: {@code
 * $argon2id$v=19$m=19456,t=2,p=1$salt$hash}.
 */
final class Argon2Hash implements PasswordHash {
  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2(id?)\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  /** What a hash from elsewhere may cost at most. */
  private static final int MAX_MEMORY_KIB = 256 * 1024;

  private static final int MAX_PASSES = 32;
  private static final int MAX_LANES = 16;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String phc;
  private final Argon2Parameters.Builder parameters;
  private final byte[] hash;
  private final boolean isArgon2id;

  private Argon2Hash(
      String phc, boolean isArgon2id, Argon2Parameters.Builder parameters, byte[] hash) {
    this.phc = phc;
    this.isArgon2id = isArgon2id;
    this.parameters = parameters;
    this.hash = hash;
  }

  /** Hashes a new password with a new salt. */
  static Argon2Hash of(String password, Passwords settings) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    Argon2Parameters.Builder parameters =
        parameters(
            Argon2Parameters.ARGON2_id,
            settings.memoryKib(),
            settings.passes(),
            settings.lanes(),
            salt);
    byte[] hash = hash(password, parameters, HASH_BYTES);
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    String phc =
        "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
            .formatted(
                settings.memoryKib(),
                settings.passes(),
                settings.lanes(),
                base64.encodeToString(salt),
                base64.encodeToString(hash));
    return new Argon2Hash(phc, true, parameters, hash);
  }

  /** Reads a PHC string; empty: it is none, or one that would cost too much to verify. */
  static Optional<PasswordHash> parse(String phc) {
    Matcher matcher = PHC.matcher(phc);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int memory = Integer.parseInt(matcher.group(2));
    int passes = Integer.parseInt(matcher.group(3));
    int lanes = Integer.parseInt(matcher.group(4));
    if (memory > MAX_MEMORY_KIB
        || passes < 1
        || passes > MAX_PASSES
        || lanes < 1
        || lanes > MAX_LANES
        || memory < 8 * lanes) {
      return Optional.empty();
    }
    try {
      byte[] salt = Base64.getDecoder().decode(matcher.group(5));
      byte[] hash = Base64.getDecoder().decode(matcher.group(6));
      boolean isArgon2id = matcher.group(1).equals("id");
      int type = isArgon2id ? Argon2Parameters.ARGON2_id : Argon2Parameters.ARGON2_i;
      return Optional.of(
          new Argon2Hash(phc, isArgon2id, parameters(type, memory, passes, lanes, salt), hash));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean isAsGoodAs(Passwords settings) {
    Argon2Parameters own = parameters.build();
    return isArgon2id
        && (long) own.getMemory() * own.getIterations()
            >= (long) settings.memoryKib() * settings.passes();
  }

  @Override
  public boolean verify(String password) {
    return MessageDigest.isEqual(hash, hash(password, parameters, hash.length));
  }

  /** As a PHC string. */
  @Override
  public String toString() {
    return phc;
  }

  private static Argon2Parameters.Builder parameters(
      int type, int memoryKib, int passes, int lanes, byte[] salt) {
    return new Argon2Parameters.Builder(type)
        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
        .withMemoryAsKB(memoryKib)
        .withIterations(passes)
        .withParallelism(lanes)
        .withSalt(salt);
  }

  private static byte[] hash(String password, Argon2Parameters.Builder parameters, int length) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(parameters.build());
    byte[] result = new byte[length];
    // RFC 8265 4.2.1: a password is the same however its characters were composed.
    String normalized = Normalizer.normalize(password, Normalizer.Form.NFC);
    generator.generateBytes(normalized.getBytes(StandardCharsets.UTF_8), result);
    return result;
  }
}
