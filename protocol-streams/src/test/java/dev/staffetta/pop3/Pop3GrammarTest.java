package dev.staffetta.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Pop3GrammarTest {
  @Test
  void readsEveryCommand() {
    assertThat(parse("CAPA")).isEqualTo(new Pop3Command.Capa());
    assertThat(parse("USER alice@example.com"))
        .isEqualTo(new Pop3Command.User("alice@example.com"));
    assertThat(parse("PASS secret")).isEqualTo(new Pop3Command.Pass("secret"));
    assertThat(parse("AUTH plain")).isEqualTo(new Pop3Command.Auth("PLAIN", Optional.empty()));
    assertThat(parse("AUTH PLAIN AGEAYg=="))
        .isEqualTo(new Pop3Command.Auth("PLAIN", Optional.of("AGEAYg==")));
    assertThat(parse("STLS")).isEqualTo(new Pop3Command.Stls());
    assertThat(parse("STAT")).isEqualTo(new Pop3Command.Stat());
    assertThat(parse("LIST")).isEqualTo(new Pop3Command.ListSizes(OptionalInt.empty()));
    assertThat(parse("LIST 2")).isEqualTo(new Pop3Command.ListSizes(OptionalInt.of(2)));
    assertThat(parse("UIDL")).isEqualTo(new Pop3Command.Uidl(OptionalInt.empty()));
    assertThat(parse("UIDL 3")).isEqualTo(new Pop3Command.Uidl(OptionalInt.of(3)));
    assertThat(parse("RETR 1")).isEqualTo(new Pop3Command.Retr(1));
    assertThat(parse("TOP 1 0")).isEqualTo(new Pop3Command.Top(1, 0));
    assertThat(parse("DELE 1")).isEqualTo(new Pop3Command.Dele(1));
    assertThat(parse("RSET")).isEqualTo(new Pop3Command.Rset());
    assertThat(parse("NOOP")).isEqualTo(new Pop3Command.Noop());
    assertThat(parse("QUIT")).isEqualTo(new Pop3Command.Quit());
  }

  @Test
  void caseAndBlanksAtTheEndMeanNothing() {
    assertThat(parse("rEtR  7 ")).isEqualTo(new Pop3Command.Retr(7));
    assertThat(parse("stat ")).isEqualTo(new Pop3Command.Stat());
    assertThat(parse("user alice ")).isEqualTo(new Pop3Command.User("alice"));
  }

  /** RFC 1939 7: the argument of PASS is the whole rest. */
  @Test
  void aPasswordIsTakenAsItIs() {
    assertThat(parse("PASS  two  words ")).isEqualTo(new Pop3Command.Pass(" two  words "));
    assertThat(parse("PASS ")).isEqualTo(new Pop3Command.Pass(""));
    assertThat(parse("PASS s€cret")).isEqualTo(new Pop3Command.Pass("s€cret"));
    assertThat(parse("PASS secret").toString()).doesNotContain("secret");
    assertThat(parse("AUTH PLAIN secret").toString()).doesNotContain("secret");
  }

  @Test
  void aNumberThatIsTooLargeIsStillANumber() {
    assertThat(parse("DELE 99999999999999999999999"))
        .isEqualTo(new Pop3Command.Dele(Integer.MAX_VALUE));
    assertThat(parse("DELE 2147483648")).isEqualTo(new Pop3Command.Dele(Integer.MAX_VALUE));
    assertThat(parse("DELE 000000000000000001")).isEqualTo(new Pop3Command.Dele(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " STAT",
        "APOP mrose c4c9334bac560ecc979e58001b3e22fb",
        "XYZZY",
        "USER",
        "USER ",
        "PASS",
        "AUTH",
        "AUTH PLAIN a b",
        "STAT 1",
        "LIST one",
        "LIST 1 2",
        "LIST -1",
        "LIST +1",
        "LIST ١",
        "UIDL 1.",
        "RETR",
        "RETR 1 2",
        "TOP 1",
        "TOP 1 -1",
        "TOP 1 2 3",
        "DELE",
        "DELE x",
        "NOOP x",
        "QUIT now",
        "NO\rOP",
        "PASS a\0b",
        "STAT\t"
      })
  void everythingElseIsMalformed(String line) {
    assertThat(parse(line)).isInstanceOf(Pop3Command.Malformed.class);
  }

  @Property
  void anyBytesAreSomeCommand(@ForAll @Size(max = 40) byte[] bytes) {
    assertThat(Pop3Grammar.parse(ByteString.fromArray(bytes))).isNotNull();
    assertThat(
            Pop3Grammar.parse(ByteString.fromString("RETR ").concat(ByteString.fromArray(bytes))))
        .isNotNull();
  }

  @Property
  void anyTextIsSomeCommand(@ForAll String text) {
    assertThat(parse(text)).isNotNull();
    assertThat(parse("TOP " + text)).isNotNull();
  }

  private static Pop3Command parse(String line) {
    return Pop3Grammar.parse(ByteString.fromString(line));
  }
}
