package dev.staffetta.mime;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Charsets by the names that mail uses, and what to do with text that has none. */
final class Charsets {
  /** ISO 8859-1 with printable characters where that has controls. */
  static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

  private static final Map<String, Charset> BY_NAME = new HashMap<>();

  static {
    for (Charset charset : Charset.availableCharsets().values()) {
      BY_NAME.put(charset.name().toLowerCase(Locale.ROOT), charset);
      for (String alias : charset.aliases()) {
        BY_NAME.putIfAbsent(alias.toLowerCase(Locale.ROOT), charset);
      }
    }
    // Names under which mail programs send a superset of what the name says.
    supersede("iso-8859-1", "windows-1252");
    supersede("latin1", "windows-1252");
    supersede("gb2312", "gb18030");
    supersede("gbk", "gb18030");
    supersede("ks_c_5601-1987", "x-windows-949");
    supersede("euc-kr", "x-windows-949");
    supersede("shift_jis", "windows-31j");
    supersede("iso-8859-8-i", "iso-8859-8");
    supersede("unicode-1-1-utf-8", "utf-8");
  }

  private Charsets() {}

  private static void supersede(String name, String superset) {
    Charset charset = BY_NAME.get(superset);
    // A runtime without the module jdk.charsets knows fewer.
    if (charset != null) {
      BY_NAME.put(name, charset);
    }
  }

  /**
   * The charset of this name in any case; empty when it is unknown, or is us-ascii, which says no
   * more.
   */
  static Optional<Charset> named(String name) {
    Charset charset = BY_NAME.get(name.strip().toLowerCase(Locale.ROOT));
    return Optional.ofNullable(charset).filter(c -> !c.equals(StandardCharsets.US_ASCII));
  }

  /** Text in a charset; when that is unknown, as {@link #guess}. */
  static String decode(byte[] octets, String charset) {
    Optional<Charset> known = named(charset);
    return known.isPresent()
        ? new String(octets, known.get())
        : guess(new String(octets, StandardCharsets.ISO_8859_1));
  }

  /** Text that says no charset: UTF-8 if it can be that, else windows-1252. */
  static String guess(String octets) {
    if (octets.chars().allMatch(c -> c < 0x80)) {
      return octets;
    }
    byte[] bytes = octets.getBytes(StandardCharsets.ISO_8859_1);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      return new String(bytes, WINDOWS_1252);
    }
  }
}
