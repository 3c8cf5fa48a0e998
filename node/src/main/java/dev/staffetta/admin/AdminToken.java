package dev.staffetta.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;

/** A bearer token (RFC 6750): of the admin API, or of those who may only read the metrics. */
public final class AdminToken {
  private static final String BEARER = "bearer ";
  private static final int RANDOM_BYTES = 32;

  private final byte[] token;

  private AdminToken(String token) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The token in a file; when there is none, a random one is written there, readable by its owner
   * only. Of two processes that do so at the same time one wins, and both have its token.
   *
   * @throws IOException with what is wrong with the file
   */
  public static AdminToken readOrCreate(Path file) throws IOException {
    if (!Files.exists(file)) {
      create(file);
    }
    String token = Files.readString(file).strip();
    if (token.isEmpty()) {
      throw new IOException(file + " is empty; put a token there or delete the file");
    }
    return new AdminToken(token);
  }

  private static void create(Path file) throws IOException {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    Path directory = file.toAbsolutePath().getParent();
    Files.createDirectories(directory);
    Path written =
        Files.createTempFile(
            directory,
            ".token",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(written, HexFormat.of().formatHex(random) + "\n");
      // A link, not a rename: it fails where a file is, and the file is never seen half written.
      Files.createLink(file, written);
    } catch (FileAlreadyExistsException e) {
      // Another process was quicker; its token counts.
    } finally {
      Files.delete(written);
    }
  }

  /** Whether this is the token; takes as long for any wrong one of the same length. */
  boolean matches(String offered) {
    return MessageDigest.isEqual(token, offered.getBytes(StandardCharsets.UTF_8));
  }

  /** RFC 6750 2.1; the scheme in any case (RFC 9110 11.1). */
  boolean isIn(String authorization) {
    return authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
        && matches(authorization.substring(BEARER.length()).strip());
  }

  /** For the header {@code Authorization: Bearer}. */
  public String value() {
    return new String(token, StandardCharsets.UTF_8);
  }
}
