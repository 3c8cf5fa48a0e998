package dev.staffetta.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        // RFC 2047 8, the examples.
        "=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>|Keith Moore <moore@cs.utk.edu>",
        "=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <keld@dkuug.dk>|Keld J\u00f8rn Simonsen <keld@dkuug.dk>",
        "=?ISO-8859-1?Q?Andr=E9?= Pirard <PIRARD@vm1.ulg.ac.be>|Andr\u00e9 Pirard <PIRARD@vm1.ulg.ac.be>",
        "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?= =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?="
            + "|If you can read this you understand the example.",
        "(=?ISO-8859-1?Q?a?=)|(a)",
        "(=?ISO-8859-1?Q?a?= b)|(a b)",
        "(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)|(ab)",
        "(=?ISO-8859-1?Q?a?=    =?ISO-8859-1?Q?b?=)|(ab)",
        "(=?ISO-8859-1?Q?a_b?=)|(a b)",
        "(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)|(a b)",
        "=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=|\u05dd\u05d5\u05dc\u05e9 \u05df\u05d1 \u05d9\u05dc\u05d8\u05e4\u05e0",
        // RFC 2231 5: a language.
        "=?US-ASCII*EN?Q?Keith_Moore?=|Keith Moore",
        // A character cut between two words.
        "=?utf-8?q?caf=C3?= =?utf-8?q?=A9?=|caf\u00e9",
        "=?utf-8?b?4oI=?= =?UTF-8?B?rA==?=|\u20ac",
        // Spaces and equals signs that should not be there.
        "=?utf-8?q?a b =zz?=|a b =zz",
        "=?utf-8?q??=|",
        "=?utf-8?q?=3D=3F?=|=?",
        "x=?utf-8?q?y?=z|xyz",
        "=?no-such-charset?q?caf=C3=A9?=|caf\u00e9",
        "=?no-such-charset?q?caf=E9?=|caf\u00e9",
        "=?shift_jis?b?k/qWew==?=|\u65e5\u672c",
        // No encoded words.
        "=?|=?",
        "=?utf-8?|=?utf-8?",
        "=?utf-8?x?y?=|=?utf-8?x?y?=",
        "=??q?y?=|=??q?y?=",
        "=?utf-8?q?y?|=?utf-8?q?y?",
        "=?=?utf-8?q?y?=|=?y",
        "plain text|plain text",
      })
  void decodesWhatIsEncodedAndLeavesTheRest(String octets, String text) {
    assertThat(EncodedWords.decode(octets)).isEqualTo(text == null ? "" : text);
  }

  @ParameterizedTest
  @CsvSource({"caf\u00c3\u00a9,caf\u00e9", "caf\u00e9,caf\u00e9", "\u0080,\u20ac"})
  void octetsAbove127AreUtf8OrWindows1252(String octets, String text) {
    assertThat(EncodedWords.decode(octets)).isEqualTo(text);
  }

  @Property
  void whatIsEncodedComesBack(@ForAll String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String expected = new String(bytes, StandardCharsets.UTF_8);
    StringBuilder q = new StringBuilder();
    for (byte b : bytes) {
      q.append(String.format("=%02X", b));
    }
    assertThat(EncodedWords.decode("=?utf-8?Q?" + q + "?=")).isEqualTo(expected);
    assertThat(EncodedWords.decode("=?utf-8?B?" + Base64.getEncoder().encodeToString(bytes) + "?="))
        .isEqualTo(expected);
  }
}
