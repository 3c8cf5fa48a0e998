package dev.staffetta.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PlainCredentialsTest {
  @Test
  void readsTheExampleOfTheRfc() {
    // RFC 4616 4
    PlainCredentials read = PlainCredentials.parse(base64("\0tim\0tanstaaftanstaaf")).orElseThrow();
    assertThat(read.user()).isEqualTo("tim");
    assertThat(read.password()).isEqualTo("tanstaaftanstaaf");
    assertThat(read.isForAnother()).isFalse();
    assertThat(read.toString()).doesNotContain("tanstaaf");
  }

  @Test
  void knowsWhoWantsToBeSomebodyElse() {
    assertThat(
            PlainCredentials.parse(base64("Ursel\0Kurt\0xipj3plmq")).orElseThrow().isForAnother())
        .isTrue();
    assertThat(PlainCredentials.parse(base64("Kurt\0kurt\0x")).orElseThrow().isForAnother())
        .isFalse();
  }

  @Test
  void whatIsNoSuchMessageIsNone() {
    for (String wrong :
        new String[] {
          "",
          "=",
          "*",
          "QUIT",
          "no base64!",
          base64("alice"),
          base64("\0alice"),
          base64("\0\0secret"),
          base64("\0alice\0"),
          base64("\0alice\0secret\0more"),
          Base64.getEncoder().encodeToString(new byte[] {0, 'a', 0, (byte) 0xff}),
        }) {
      assertThat(PlainCredentials.parse(wrong)).as(wrong).isEmpty();
    }
  }

  @Property
  void nothingBreaksIt(@ForAll String text) {
    PlainCredentials.parse(text);
    PlainCredentials.parse(base64(text));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
