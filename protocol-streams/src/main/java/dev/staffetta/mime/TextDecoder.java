package dev.staffetta.mime;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Makes text of a text part's body, chunk by chunk: undoes its transfer encoding, then its charset.
 * Never fails. Text that says no charset, or one that nobody knows, is UTF-8 as far as it can be
 * and windows-1252 where it cannot. Used by one thread, for one body.
 */
public final class TextDecoder {
  /** More than any charset needs for one character. */
  private static final int LONGEST_REST = 32;

  private final TransferDecoder transfer;
  private final CharsetDecoder charset;
  private final boolean isGuessed;

  /** Whether octets of ASCII are the same characters in the charset, whatever came before them. */
  private final boolean isAsciiKept;

  /** The bytes of a character that the last chunk cut. */
  private byte[] rest = {};

  private TextDecoder(TransferDecoder transfer, Optional<Charset> known) {
    this.transfer = transfer;
    this.isGuessed = known.isEmpty();
    this.charset =
        known
            .orElse(StandardCharsets.UTF_8)
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    this.isAsciiKept =
        charset.charset().equals(StandardCharsets.UTF_8)
            || charset.charset().equals(Charsets.WINDOWS_1252);
  }

  /** The decoder for a part's body. */
  public static TextDecoder of(BodyPart part) {
    return new TextDecoder(
        TransferDecoder.of(part.encoding()),
        part.type().parameter("charset").flatMap(Charsets::named));
  }

  /** The text that the bytes from {@code from} up to {@code to} complete. */
  public String decode(byte[] bytes, int from, int to) {
    return text(transfer.decode(bytes, from, to), false);
  }

  /** What was still held back; the body has ended. */
  public String finish() {
    return text(transfer.finish(), true);
  }

  private String text(byte[] decoded, boolean isLast) {
    if (isAsciiKept && rest.length == 0 && isAscii(decoded)) {
      return new String(decoded, StandardCharsets.US_ASCII);
    }
    ByteBuffer in = ByteBuffer.allocate(rest.length + decoded.length).put(rest).put(decoded).flip();
    StringBuilder text = new StringBuilder(in.remaining());
    CharBuffer out = CharBuffer.allocate(Math.max(64, in.remaining()));
    while (true) {
      CoderResult result = charset.decode(in, out, isLast);
      text.append(out.flip());
      out.clear();
      if (result.isUnderflow()) {
        break;
      }
      if (result.isError()) {
        replace(in, result.length(), text);
      }
    }
    // A decoder that leaves more than a character undone would hoard.
    while (in.remaining() > LONGEST_REST) {
      replace(in, 1, text);
    }
    rest = new byte[in.remaining()];
    in.get(rest);
    if (isLast) {
      charset.flush(out);
      text.append(out.flip());
    }
    return text.toString();
  }

  private static boolean isAscii(byte[] bytes) {
    int all = 0;
    for (byte b : bytes) {
      all |= b;
    }
    return all >= 0;
  }

  private void replace(ByteBuffer in, int length, StringBuilder text) {
    byte[] wrong = new byte[Math.min(length, in.remaining())];
    in.get(wrong);
    text.append(isGuessed ? new String(wrong, Charsets.WINDOWS_1252) : "\ufffd");
  }
}
