package dev.staffetta.nemesis.load;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A message that says in its header who it is, and what its body must be. */
record Letter(String token, String text) {
  /** The fields that tell, for FETCH. */
  static final String FIELDS = "X-Token X-Digest";

  private static final AtomicInteger LAST = new AtomicInteger();
  private static final Pattern TOKEN = Pattern.compile("(?i)X-Token: (\\S+)");
  private static final Pattern DIGEST = Pattern.compile("(?i)X-Digest: (\\S+)");

  /** Mostly small; one in ten too large to ride in its event's batch. */
  static Letter random(Random dice) {
    String token = String.format("t%07d", LAST.incrementAndGet());
    int lines = dice.nextInt(10) == 0 ? 2_500 : dice.nextInt(40);
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      body.append(i).append(" of ").append(token).append(" ").append(dice.nextLong());
      body.append(" ".repeat(20)).append("end\r\n");
    }
    String text =
        "From: load@client.example.net\r\nTo: somebody@example.com\r\nSubject: "
            + token
            + "\r\nX-Token: "
            + token
            + "\r\nX-Digest: "
            + digest(body.toString())
            + "\r\nDate: Tue, 24 Nov 2026 12:00:00 +0000\r\nMessage-ID: <"
            + token
            + "@client.example.net>\r\n\r\n"
            + body;
    return new Letter(token, text);
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The token in a text that has the header. */
  static Optional<String> token(String text) {
    Matcher m = TOKEN.matcher(text);
    return m.find() ? Optional.of(m.group(1)) : Optional.empty();
  }

  /** Whether a whole message has the body that its header names. */
  static boolean isWhole(String message) {
    int body = message.indexOf("\r\n\r\n");
    Matcher m = DIGEST.matcher(message);
    return body >= 0
        && m.find()
        && m.start() < body
        && m.group(1).equals(digest(message.substring(body + 4)));
  }

  private static String digest(String body) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.ISO_8859_1));
      return HexFormat.of().formatHex(digest, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
