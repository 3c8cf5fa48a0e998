package dev.staffetta.mime.generated;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.apache.pekko.util.ByteString;

/**
 * A message made from a seed: plain ones, trees of multiparts and messages in messages, with
 * folded, odd and broken header fields, boundaries that begin alike, missing close delimiters,
 * preambles, epilogues, empty bodies, lines that look like boundaries or begin with dots.
 *
 * <p>Always fit for SMTP: every line ends with CRLF, the last one too, is at most 998 octets long
 * (RFC 5322 2.1.1), and has no NUL; octets above 127 occur (RFC 6152).
 */
public final class MessageShape {
  /** How many shapes tests usually take: seeds 0 to 999. */
  public static final int COUNT = 1000;

  private final Random random;
  private final long seed;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ExpectedPart root;
  private final List<String> boundaries = new ArrayList<>();

  private MessageShape(long seed) {
    this.seed = seed;
    this.random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
    this.root = part(true, false, chance(4) ? 0 : 1 + random.nextInt(4));
    byte[] bytes = out.toByteArray();
    boolean isWholeLine =
        bytes.length >= 2 && bytes[bytes.length - 2] == '\r' && bytes[bytes.length - 1] == '\n';
    if (!isWholeLine) {
      write("\r\n");
    }
    root.end(out.size());
  }

  /** The message of this seed, always the same. */
  public static MessageShape of(long seed) {
    return new MessageShape(seed);
  }

  public ByteString bytes() {
    return ByteString.fromArray(out.toByteArray());
  }

  /** What a reader should find. */
  public ExpectedPart root() {
    return root;
  }

  /** Names the shape in a failure. */
  @Override
  public String toString() {
    return "MessageShape.of(" + seed + ")";
  }

  /**
   * Writes a part, without a line end after its body.
   *
   * @param depth how many levels may follow below it
   */
  private ExpectedPart part(boolean isMessage, boolean inDigest, int depth) {
    int kind = depth == 0 ? 0 : random.nextInt(4);
    int start = out.size();
    if (isMessage) {
      messageFields();
    }
    if (kind == 3 || kind == 2) {
      return multipart(start, depth);
    }
    if (kind == 1) {
      return embedded(start, inDigest, depth);
    }
    return leaf(start, isMessage, inDigest);
  }

  private ExpectedPart multipart(int start, int depth) {
    String subtype = pick("mixed", "alternative", "related", "digest", "x-other", "report");
    String boundary = boundary();
    ExpectedPart part = new ExpectedPart("multipart/" + subtype, start);
    String quoted = chance(2) || boundary.matches(".*[ (),].*") ? '"' + boundary + '"' : boundary;
    contentType(
        "Multipart/" + subtype.toUpperCase(java.util.Locale.ROOT),
        pick("; ", ";", ";\r\n\t", "; charset=\"a;b\\\"c\"; (comment (nested)) ", ";;\r\n ")
            + pick("boundary", "BOUNDARY", "Boundary")
            + pick("=", " = ", "=(c)")
            + quoted
            + pick("", "; x=y", "\r\n ;type=\"text/html\"", " (trailing)"));
    otherPartFields();
    endHeader(part);
    boundaries.add(boundary);
    if (chance(3)) {
      write(pick("This is a multi-part message.\r\n", "\r\n", "--\r\n", "--preamble\r\n\r\n"));
    }
    int count = chance(12) ? 0 : 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      write((i == 0 ? "" : "\r\n") + "--" + boundary + pick("", "", " ", "\t ", "  \t") + "\r\n");
      part.add(part(false, subtype.equals("digest"), depth - 1));
      int end = out.size();
      part.parts().get(i).end(end);
    }
    boundaries.remove(boundaries.size() - 1);
    if (count > 0 && !chance(6)) {
      write("\r\n--" + boundary + "--" + pick("", "", " "));
      part.close();
      write(pick("", "", "\r\n", "\r\nThe epilogue\r\n", "\r\n\r\n--not a delimiter"));
    }
    return part;
  }

  private ExpectedPart embedded(int start, boolean inDigest, int depth) {
    ExpectedPart part = new ExpectedPart("message/rfc822", start);
    if (!inDigest || chance(2)) {
      contentType(pick("message/rfc822", "Message/RFC822", "MESSAGE / rfc822"), pick("", "; a=b"));
    }
    otherPartFields();
    endHeader(part);
    part.contain(part(true, false, depth - 1));
    return part;
  }

  private ExpectedPart leaf(int start, boolean isMessage, boolean inDigest) {
    String type = pick("text/plain", "text/html", "image/png", "application/octet-stream");
    boolean isSilent = !inDigest && chance(3);
    ExpectedPart part = new ExpectedPart(isSilent ? "text/plain" : type, start);
    if (!isSilent) {
      contentType(
          type, pick("", "; charset=utf-8", "; name=\"a b.txt\"", ";charset = us-ascii (x)"));
    }
    otherPartFields();
    if (isMessage && chance(20)) {
      // A header and nothing else: not even the empty line.
      part.bodyStarts(out.size());
      return part;
    }
    endHeader(part);
    switch (random.nextInt(6)) {
      case 0 -> write("");
      case 1 -> write(base64(random.nextInt(3000)));
      case 2 -> write(lines(random.nextInt(200)));
      default -> write(lines(random.nextInt(12)));
    }
    return part;
  }

  private void endHeader(ExpectedPart part) {
    write("\r\n");
    part.bodyStarts(out.size());
  }

  private void messageFields() {
    List<String> fields =
        new ArrayList<>(
            List.of(
                "From: "
                    + pick("alice@example.com", "Alice <alice@example.com>", "\"A, B\" <a@b.c>"),
                "To: " + pick("bob@example.com", "undisclosed-recipients:;", "a@b.c,\r\n d@e.f"),
                "Subject: "
                    + pick("", "plain", "=?utf-8?q?caf=C3=A9?=", "folded\r\n  over\r\n\tlines"),
                "Date: " + pick("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)", "nonsense", ""),
                "Message-ID: <" + random.nextInt(1_000_000) + "@example.com>"));
    if (chance(3)) {
      fields.add("X-Long: " + "x".repeat(random.nextInt(900)));
    }
    if (chance(4)) {
      fields.add("Cc: caf\u00e9 <c@d.e>, broken <, @, \"unclosed");
    }
    if (chance(8)) {
      fields.add("a line without a colon");
    }
    if (chance(8)) {
      fields.add("X-Spaced : value\r\n    \r\n\tstill the header");
    }
    java.util.Collections.shuffle(fields, random);
    fields.forEach(field -> write(field + "\r\n"));
  }

  private void contentType(String type, String parameters) {
    write(
        pick("Content-Type: ", "content-type:", "CONTENT-TYPE:\r\n ") + type + parameters + "\r\n");
  }

  private void otherPartFields() {
    if (chance(3)) {
      write("Content-ID: <" + random.nextInt(1000) + "@x>\r\n");
    }
    if (chance(4)) {
      write(
          "Content-Disposition: attachment;\r\n filename*0*=utf-8''%e2%82%ac; filename*1=\".txt\"\r\n");
    }
    if (chance(5)) {
      write("Content-Description: --looks like a boundary\r\nContent-Language: en, de\r\n");
    }
    if (chance(6)) {
      write("--not-a-delimiter: x\r\n");
    }
  }

  /** A boundary unlike any that is open, but maybe the beginning of one or one with more to it. */
  private String boundary() {
    String fresh = "=_" + Integer.toHexString(random.nextInt()) + pick("", "'()+_,-./:=?", " x");
    if (boundaries.isEmpty() || chance(2)) {
      return fresh;
    }
    String outer = boundaries.get(boundaries.size() - 1);
    String near = chance(2) ? outer + "." : outer.substring(0, Math.max(3, outer.length() - 1));
    String trimmed = near.strip();
    // An inner boundary that is the beginning of an outer one is told apart by the longer match.
    return boundaries.contains(trimmed) || trimmed.length() > 60 ? fresh : trimmed;
  }

  private String lines(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(
          switch (random.nextInt(12)) {
            case 0 -> "";
            case 1 -> ".";
            case 2 -> "..";
            case 3 -> "--";
            case 4 -> "-- ";
            case 5 -> "--no such boundary--";
            case 6 -> "From here to there";
            case 7 -> "caf\u00e9 \u00ff ".repeat(random.nextInt(20));
            case 8 -> "z".repeat(random.nextInt(998));
            case 9 -> "trailing space \t ";
            case 10 -> ".\u00a0dot";
            default -> "The quick brown fox jumps over line " + i;
          });
      text.append(i + 1 < count || chance(2) ? "\r\n" : "");
    }
    return text.toString();
  }

  private String base64(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return Base64.getMimeEncoder().encodeToString(bytes);
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private String pick(String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  private void write(String octets) {
    out.writeBytes(octets.getBytes(StandardCharsets.ISO_8859_1));
  }
}
