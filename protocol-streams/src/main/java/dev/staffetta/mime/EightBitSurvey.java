package dev.staffetta.mime;

import dev.staffetta.mime.MessageSegment.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Finds out, while a message's bytes go by, which of its parts have to be encoded so that all of it
 * is of 7 bits, and how (RFC 6152 3, RFC 2045 6). Keeps a few numbers a part. Used by one thread.
 */
public final class EightBitSurvey {
  /** What of a segment matters. */
  private static final class Count {
    private long octets;
    private long eightBit;

    /** Those that quoted-printable has to write as three. */
    private long quoted;
  }

  private final MessageSummary message;
  private final List<MessageSegment> segments;
  private final Count[] counts;
  private int current;
  private long offset;

  /** Of a message with this structure. */
  public EightBitSurvey(MessageSummary message) {
    this.message = message;
    this.segments = MessageSegment.of(message);
    this.counts = new Count[segments.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new Count();
    }
  }

  /** Takes the next chunk of the message. */
  public void offer(ByteString chunk) {
    byte[] bytes = chunk.toArrayUnsafe();
    int at = 0;
    while (at < bytes.length && current < counts.length) {
      int to = (int) Math.min(bytes.length, at + (segments.get(current).end() - offset));
      count(bytes, at, to, counts[current]);
      offset += to - at;
      at = to;
      if (offset >= segments.get(current).end()) {
        current++;
      }
    }
    offset += bytes.length - at;
  }

  private static void count(byte[] bytes, int from, int to, Count count) {
    count.octets += to - from;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b < 0) {
        count.eightBit++;
      } else if (b == '=' || b == 0x7f || (b < ' ' && b != '\r' && b != '\n' && b != '\t')) {
        count.quoted++;
      }
    }
  }

  /** The message has ended. */
  public SevenBitForm finish() {
    if (offset != message.size()) {
      return SevenBitForm.impossible("its structure here is not that of what is stored");
    }
    List<Optional<String>> encodings = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      MessageSegment segment = segments.get(i);
      if (counts[i].eightBit == 0) {
        encodings.add(Optional.empty());
        continue;
      }
      Optional<String> obstacle = obstacle(segment);
      if (obstacle.isPresent()) {
        return SevenBitForm.impossible(obstacle.get());
      }
      encodings.add(
          segment.kind() == Kind.BODY
              ? Optional.of(encoding(segment.part(), counts[i]))
              : Optional.empty());
    }
    return SevenBitForm.of(segments, encodings);
  }

  private Optional<String> obstacle(MessageSegment segment) {
    ContentType type = segment.part().type();
    if (segment.isSigned()) {
      return Optional.of("what is signed (multipart/signed) must not be changed on its way");
    }
    return switch (segment.kind()) {
      case HEADER ->
          Optional.of(
              segment.isOfMessage()
                  ? "the header of a message in it is not of ASCII"
                  : "the header of a part of it is not of ASCII");
      // What stands before, between and behind parts is for nobody; but a boundary is for all.
      case BETWEEN ->
          type.parameter("boundary").filter(b -> !isAscii(b)).isPresent()
              ? Optional.of("a boundary between its parts is not of ASCII")
              : Optional.empty();
      case BODY -> bodyObstacle(segment, type);
    };
  }

  private Optional<String> bodyObstacle(MessageSegment segment, ContentType type) {
    if (type.is("message") || type.is("multipart")) {
      // RFC 2045 6.4: these may not have an encoding.
      return Optional.of(
          "a part of type " + type.type() + "/" + type.subtype() + " must not be encoded");
    }
    boolean isBeyondLimits =
        segment.depth() >= MimeLimits.DEFAULT.depth()
            || segments.stream().filter(s -> s.kind() == Kind.HEADER).count()
                >= MimeLimits.DEFAULT.parts();
    if (isBeyondLimits) {
      return Optional.of("it has too many parts, or parts within parts");
    }
    return switch (segment.part().encoding().orElse("8bit")) {
      case "7bit", "8bit", "binary", "quoted-printable", "base64" -> Optional.empty();
      default ->
          Optional.of(
              "a part of it has the encoding "
                  + segment.part().encoding().orElse("")
                  + ", which nobody knows");
    };
  }

  private static boolean isAscii(String text) {
    return StandardCharsets.US_ASCII.newEncoder().canEncode(text);
  }

  /** The one that it has, wrongly; for text the shorter one; for all else base64. */
  private static String encoding(BodyPart part, Count count) {
    String has = part.encoding().orElse("8bit");
    if (has.equals("base64") || has.equals("quoted-printable")) {
      return has;
    }
    boolean isShorterQuoted = 2 * (count.eightBit + count.quoted) <= count.octets / 3;
    return part.type().is("text") && isShorterQuoted ? "quoted-printable" : "base64";
  }
}
