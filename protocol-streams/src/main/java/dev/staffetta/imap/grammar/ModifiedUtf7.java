package dev.staffetta.imap.grammar;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Mailbox names on the wire: the modified UTF-7 of RFC 3501 5.1.3. */
public final class ModifiedUtf7 {
  private ModifiedUtf7() {}

  /** A Unicode name in US-ASCII. */
  public static String encode(String name) {
    StringBuilder encoded = new StringBuilder();
    int i = 0;
    while (i < name.length()) {
      char c = name.charAt(i);
      if (c == '&') {
        encoded.append("&-");
        i++;
      } else if (isDirect(c)) {
        encoded.append(c);
        i++;
      } else {
        int from = i;
        while (i < name.length() && !isDirect(name.charAt(i))) {
          i++;
        }
        byte[] utf16 = name.substring(from, i).getBytes(StandardCharsets.UTF_16BE);
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(utf16);
        encoded.append('&').append(base64.replace('/', ',')).append('-');
      }
    }
    return encoded.toString();
  }

  /**
   * The Unicode name of what came on the wire; empty when that is not the one way to write a name:
   * not US-ASCII, a control character, a shift that does not end, Base64 of what could stand for
   * itself, two shifts in a row, bits left over, half of a surrogate pair.
   */
  public static Optional<String> decode(byte[] wire) {
    StringBuilder name = new StringBuilder();
    int i = 0;
    boolean afterShift = false;
    while (i < wire.length) {
      char c = (char) (wire[i] & 0xff);
      if (!isDirect(c)) {
        return Optional.empty();
      }
      if (c != '&') {
        name.append(c);
        i++;
        afterShift = false;
        continue;
      }
      int end = indexOf(wire, (byte) '-', i + 1);
      if (end < 0) {
        return Optional.empty();
      }
      if (end == i + 1) {
        name.append('&');
        afterShift = false;
      } else {
        Optional<String> shifted = shifted(Arrays.copyOfRange(wire, i + 1, end));
        if (afterShift || shifted.isEmpty()) {
          return Optional.empty();
        }
        name.append(shifted.get());
        afterShift = true;
      }
      i = end + 1;
    }
    return Optional.of(name.toString());
  }

  /** What Base64 between {@code &} and {@code -} stands for. */
  private static Optional<String> shifted(byte[] base64) {
    for (int i = 0; i < base64.length; i++) {
      if (base64[i] == '/' || base64[i] == '=') {
        return Optional.empty();
      }
      if (base64[i] == ',') {
        base64[i] = '/';
      }
    }
    try {
      byte[] utf16 = Base64.getDecoder().decode(base64);
      if (!Arrays.equals(Base64.getEncoder().withoutPadding().encode(utf16), base64)) {
        return Optional.empty();
      }
      CharBuffer text = StandardCharsets.UTF_16BE.newDecoder().decode(ByteBuffer.wrap(utf16));
      boolean needed = text.chars().noneMatch(c -> isDirect((char) c) || c < ' ' || c == 0x7f);
      return needed ? Optional.of(text.toString()) : Optional.empty();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static int indexOf(byte[] bytes, byte wanted, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Whether a character stands for itself (but for {@code &}, which is written {@code &-}). */
  private static boolean isDirect(char c) {
    return c >= 0x20 && c <= 0x7e;
  }
}
