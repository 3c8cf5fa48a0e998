package dev.staffetta.imap.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModifiedUtf7Test {
  /** RFC 3501 5.1.3. */
  @Test
  void theExampleOfTheRfc() {
    String name = "~peter/mail/台北/日本語";
    String wire = "~peter/mail/&U,BTFw-/&ZeVnLIqe-";
    assertThat(decode(wire)).contains(name);
    assertThat(ModifiedUtf7.encode(name)).isEqualTo(wire);
  }

  @Test
  void anAmpersandIsShifted() {
    assertThat(ModifiedUtf7.encode("R&D")).isEqualTo("R&-D");
    assertThat(decode("R&-D&-")).contains("R&D&");
  }

  @Test
  void aCharacterBeyondTheBasicPlaneIsAPair() {
    assertThat(ModifiedUtf7.encode("😀")).isEqualTo("&2D3eAA-");
    assertThat(decode("&2D3eAA-")).contains("😀");
  }

  /** RFC 3501 5.1.3 forbids more than one way to write a name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "&U,BTFw",
        "&",
        "&Jjo",
        "&Jjo!",
        "&U,BTFw-&ZeVnLIqe-",
        "&AGEAYg-",
        "&U,BTFx-",
        "&U/BTFw-",
        "&2D0-",
        "&AAA-",
        "&AAo-",
        "&A-",
        "&Zg==-",
        "naïve",
        "a\u0007",
      })
  void whatIsNotTheOneWayToWriteANameIsNone(String wire) {
    assertThat(decode(wire)).isEmpty();
  }

  @Property
  void everyNameComesBack(@ForAll String text) {
    String name =
        text.codePoints()
            .filter(c -> c >= ' ' && c != 0x7f && !(c >= 0xD800 && c <= 0xDFFF))
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    String wire = ModifiedUtf7.encode(name);
    assertThat(wire.chars()).allMatch(c -> c >= ' ' && c < 0x7f);
    assertThat(decode(wire)).contains(name);
  }

  @Property
  void whatCanBeDecodedIsWrittenTheSameWay(@ForAll byte[] wire) {
    ModifiedUtf7.decode(wire)
        .ifPresent(
            name ->
                assertThat(ModifiedUtf7.encode(name).getBytes(StandardCharsets.US_ASCII))
                    .isEqualTo(wire));
  }

  private static Optional<String> decode(String wire) {
    return ModifiedUtf7.decode(wire.getBytes(StandardCharsets.ISO_8859_1));
  }
}
