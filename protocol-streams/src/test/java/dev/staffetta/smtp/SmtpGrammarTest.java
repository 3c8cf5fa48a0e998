package dev.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.staffetta.ports.MailAddress;
import dev.staffetta.smtp.SmtpCommand.Mail;
import dev.staffetta.smtp.SmtpCommand.NotUnderstood;
import dev.staffetta.smtp.SmtpCommand.Rcpt;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpGrammarTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "<alice@example.com>            ; alice            ; example.com",
        "<Alice.B@EXAMPLE.Com>          ; Alice.B          ; example.com",
        "<a!#$%&'*+-/=?^_{|}~@b>        ; a!#$%&'*+-/=?^_{|}~ ; b",
        "<\"a b\"@example.com>          ; a b              ; example.com",
        "<\"a\\\"b\\\\c\"@example.com>  ; a\"b\\c          ; example.com",
        "<\"a@b>c\"@example.com>        ; a@b>c            ; example.com",
        "<\"..\"@example.com>           ; ..               ; example.com",
        "<a@[192.0.2.1]>                ; a                ; [192.0.2.1]",
        "<a@[IPv6:2001:DB8::1]>         ; a                ; [ipv6:2001:db8::1]",
        "<a@[IPv6:::]>                  ; a                ; [ipv6:::]",
        "<a@[IPv6:1:2:3:4:5:6:7:8]>     ; a                ; [ipv6:1:2:3:4:5:6:7:8]",
        "<a@[IPv6:::ffff:192.0.2.1]>    ; a                ; [ipv6:::ffff:192.0.2.1]",
        "<a@[IPv6:1:2:3:4:5:6:192.0.2.1]> ; a              ; [ipv6:1:2:3:4:5:6:192.0.2.1]",
        "<@x.example:a@example.com>     ; a                ; example.com",
        "<@x.example,@y:a@example.com>  ; a                ; example.com",
        "<a@localhost>                  ; a                ; localhost",
        "<a@1.2.3>                      ; a                ; 1.2.3",
        "<jörg@bücher.example>          ; jörg             ; xn--bcher-kva.example",
        "<jörg@xn--bcher-kva.example>   ; jörg             ; xn--bcher-kva.example",
      })
  void anAddressIsRead(String path, String localPart, String domain) {
    assertThat(rcpt(path)).contains(new MailAddress(localPart, domain));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<",
        ">",
        "<>",
        "<a>",
        "<@>",
        "<a@>",
        "<@b>",
        "<a@b",
        "a@b",
        "<a@b>>",
        "< a@b>",
        "<a @b>",
        "<a@b >",
        "<a@@b>",
        "<a@b@c>",
        "<.a@b>",
        "<a.@b>",
        "<a..b@c>",
        "<a@.b>",
        "<a@b.>",
        "<a@b..c>",
        "<a@-b>",
        "<a@b->",
        "<a@b_c>",
        "<a@b!>",
        "<\"\"@b>",
        "<\"a@b>",
        "<\"a\\\"@b>",
        "<\"a\\",
        "<\"a\"b@c>",
        "<a\"b\"@c>",
        "<a(c)@b>",
        "<a@[]>",
        "<a@[1.2.3]>",
        "<a@[1.2.3.4.5]>",
        "<a@[1.2.3.256]>",
        "<a@[1.2.3.4>",
        "<a@[IPv6:]>",
        "<a@[IPv6:1]>",
        "<a@[IPv6:1:2:3:4:5:6:7]>",
        "<a@[IPv6:1:2:3:4:5:6:7:8:9]>",
        "<a@[IPv6:1::3:4:5:6:7:8]>",
        "<a@[IPv6:1::2::3]>",
        "<a@[IPv6::1:2:3:4:5:6:7]>",
        "<a@[IPv6:12345::1]>",
        "<a@[IPv6:g::1]>",
        "<a@[IPv6:1.2.3.4::1]>",
        "<a@[X:1]>",
        "<@a:>",
        "<@a,b:c@d>",
        "<@a,@b c@d>",
        "<@a@b>",
        "<a@\u00ad>",
        "<a\u0085b@c>",
        "<\"a\u2028b\"@c>",
        "<a@xn--\u00fc>",
      })
  void whatIsNoAddressIsRefused(String path) {
    SmtpCommand command = parse("RCPT TO:" + path);
    assertThat(command).isInstanceOf(NotUnderstood.class);
    assertThat(((NotUnderstood) command).reply().code()).isEqualTo(501);
  }

  /** RFC 5321 4.5.3.1. */
  @Test
  void lengthsAreLimited() {
    String label = "a".repeat(63);
    String domain = label + "." + label + "." + label + "." + "a".repeat(58);
    assertThat(rcpt("<" + "a".repeat(64) + "@example.com>")).isPresent();
    assertThat(rcpt("<" + "a".repeat(65) + "@example.com>")).isEmpty();
    assertThat(rcpt("<" + "ä".repeat(32) + "@example.com>")).isPresent();
    assertThat(rcpt("<" + "ä".repeat(33) + "@example.com>")).isEmpty();
    assertThat(rcpt("<a@" + label + ".com>")).isPresent();
    assertThat(rcpt("<a@" + label + "a.com>")).isEmpty();
    assertThat(rcpt("<a@" + domain + "aa>")).isPresent();
    assertThat(rcpt("<a@" + domain + "aaa>")).isEmpty();
  }

  @Test
  void theNullSenderAndPostmasterAreSpecial() {
    assertThat(((Mail) parse("MAIL FROM:<>")).sender()).isEmpty();
    assertThat(((Rcpt) parse("RCPT TO:<pOstmaster>")).recipient()).isEmpty();
  }

  @Test
  void aLineMayBeAsLongAsItsCommandNeeds() {
    String noop = "NOOP " + "a".repeat(2043);
    assertThat(parse(noop)).isInstanceOf(SmtpCommand.Noop.class);
    assertThat(reply(noop + "a")).isEqualTo("500 5.5.2 line too long\r\n");
    String auth = "AUTH PLAIN " + "a".repeat(SmtpGrammar.MAX_AUTH_LINE - 11);
    assertThat(parse(auth)).isInstanceOf(SmtpCommand.Auth.class);
    assertThat(reply(auth + "a")).isEqualTo("500 5.5.2 line too long\r\n");
  }

  @Test
  void passwordsAreNotPrinted() {
    assertThat(parse("AUTH PLAIN c2VjcmV0").toString()).doesNotContain("c2VjcmV0");
  }

  @Property(tries = 5000)
  void anyOctetsAreSomeCommand(@ForAll byte[] line) {
    assertThatCode(() -> SmtpGrammar.parse(ByteString.fromArray(line), 2048))
        .doesNotThrowAnyException();
  }

  @Provide
  Arbitrary<String> almostCommands() {
    return Arbitraries.of(
            "MAIL FROM:",
            "RCPT TO:",
            "BDAT ",
            "AUTH ",
            "EHLO ",
            "<",
            ">",
            "@",
            "[",
            "]",
            "IPv6:",
            ":",
            "::",
            ".",
            ",",
            "\"",
            "\\",
            "a",
            "example.com",
            "1",
            "256",
            " ",
            "\t",
            "SIZE=",
            "BODY=",
            "8BITMIME",
            "SMTPUTF8",
            "AUTH=",
            "+3D",
            "=",
            "LAST",
            "ä",
            "😀",
            "\ud800",
            "xn--",
            "-",
            "\u200d",
            "。")
        .list()
        .ofMaxSize(20)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 5000)
  void whatLooksLikeACommandIsOneOrHasAReply(@ForAll("almostCommands") String line) {
    SmtpCommand command = parse(line);
    if (command instanceof NotUnderstood fault) {
      assertThat(fault.reply().code()).isIn(500, 501, 502, 555);
      assertThat(fault.reply().text()).endsWith("\r\n").matches("[ -~]*\r\n");
    }
  }

  /** What we write into a header or hand on reads back as the same address. */
  @Property(tries = 2000)
  void anAddressIsWrittenAsItIsRead(@ForAll("almostCommands") String path) {
    Optional<MailAddress> read = rcpt("<" + path + "@example.com>");
    Optional<MailAddress> quoted = rcpt("<\"" + path + "\"@example.com>");
    for (Optional<MailAddress> address : List.of(read, quoted)) {
      if (address.isPresent()) {
        String written = PathGrammar.mailbox(address.get());
        assertThat(rcpt("<" + written + ">")).isEqualTo(address);
        assertThat(written).doesNotContainPattern("[\\x00-\\x1f\\x7f]");
      }
    }
  }

  private static Optional<MailAddress> rcpt(String path) {
    return parse("RCPT TO:" + path) instanceof Rcpt rcpt ? rcpt.recipient() : Optional.empty();
  }

  private static String reply(String line) {
    return ((NotUnderstood) parse(line)).reply().text();
  }

  private static SmtpCommand parse(String line) {
    return SmtpGrammar.parse(ByteString.fromString(line, StandardCharsets.UTF_8), 2048);
  }
}
