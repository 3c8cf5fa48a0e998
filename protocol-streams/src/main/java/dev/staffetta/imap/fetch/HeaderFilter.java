package dev.staffetta.imap.fetch;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/**
 * Lets some fields of a header pass (RFC 9051 6.4.5.1, HEADER.FIELDS and HEADER.FIELDS.NOT), byte
 * for byte and chunk by chunk; the empty line at its end always passes. Used by one thread, for one
 * header.
 */
final class HeaderFilter implements ByteTransform {
  /** No field's name is longer than a line (RFC 5322 2.1.1). */
  private static final int LONGEST_NAME = 1000;

  private final Set<String> names = new HashSet<>();

  /** Whether not these fields pass, but all others. */
  private final boolean passesOthers;

  /** The current line, until it is known whether it passes. */
  private final byte[] start = new byte[LONGEST_NAME];

  private int startSize;
  private boolean isDecided;

  /** Whether the current field passes. */
  private boolean passes;

  /**
   * @param section {@code HEADER.FIELDS} or {@code HEADER.FIELDS.NOT} of any part
   */
  HeaderFilter(Section section) {
    section.fields().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    passesOthers = section.text() == Section.Text.HEADER_FIELDS_NOT;
    passes = passesOthers;
  }

  /** What of the next chunk, and of what was held back before, passes. */
  @Override
  public ByteString offer(ByteString chunk) {
    byte[] bytes = chunk.toArrayUnsafe();
    ByteStringBuilder passed = new ByteStringBuilder();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (!isDecided) {
        start[startSize++] = b;
        if (!decide(b)) {
          continue;
        }
        isDecided = true;
        passed.putBytes(start, 0, passes ? startSize : 0);
        from = i + 1;
      }
      if (b == '\n') {
        passed.putBytes(bytes, from, passes ? i + 1 - from : 0);
        from = i + 1;
        startSize = 0;
        isDecided = false;
      }
    }
    if (isDecided) {
      passed.putBytes(bytes, from, passes ? bytes.length - from : 0);
    }
    return passed.result();
  }

  /** What was held back: a last line that has neither a name nor a line end. */
  @Override
  public ByteString finish() {
    return isDecided || !passesOthers
        ? ByteString.emptyByteString()
        : ByteString.fromArray(start, 0, startSize);
  }

  /** Whether it is known, with this last byte of the line, whether the line passes. */
  private boolean decide(byte last) {
    if (startSize == 1 && (last == ' ' || last == '\t')) {
      // It goes on with the field before.
      return true;
    }
    if (last == ':') {
      passes = names.contains(name()) != passesOthers;
      return true;
    }
    if (last == '\n') {
      boolean isEmptyLine = startSize == 1 || (startSize == 2 && start[0] == '\r');
      passes = passesOthers || isEmptyLine;
      return true;
    }
    if (startSize == LONGEST_NAME) {
      passes = passesOthers;
      return true;
    }
    return false;
  }

  private String name() {
    int end = startSize - 1;
    // White space before the colon is obsolete, and read all the same (RFC 5322 4.5).
    while (end > 0 && (start[end - 1] == ' ' || start[end - 1] == '\t')) {
      end--;
    }
    return new String(start, 0, end, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
  }
}
