package dev.staffetta.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.MailAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SenderRewritingTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  private static final MailAddress CAROL = new MailAddress("Carol", "elsewhere.example");

  private final SenderRewriting rewriting = new SenderRewriting("0123456789abcdef");

  @Test
  void aRewrittenSenderIsFoundAgain() {
    MailAddress ours = rewriting.rewritten(CAROL, "example.com", NOW);
    assertThat(ours.domain()).isEqualTo("example.com");
    assertThat(ours.localPart()).matches("SRS0=[a-z2-7]{6}=[a-z2-7]{2}=elsewhere.example=Carol");
    assertThat(rewriting.original(ours, NOW)).contains(CAROL);
    assertThat(rewriting.original(ours, NOW.plus(Duration.ofDays(21)))).contains(CAROL);
    assertThat(rewriting.original(ours, NOW.plus(Duration.ofDays(23)))).isEmpty();
    MailAddress lower = new MailAddress(ours.localPart().toLowerCase(Locale.ROOT), "example.com");
    assertThat(rewriting.original(lower, NOW))
        .contains(new MailAddress("carol", "elsewhere.example"));
  }

  @Test
  void nobodyElseCanMakeOne() {
    String ours = rewriting.rewritten(CAROL, "example.com", NOW).localPart();
    assertThat(new SenderRewriting("another key, as long").original(address(ours), NOW)).isEmpty();
    for (String forged :
        new String[] {
          ours.replace("Carol", "dave"),
          ours.replace("elsewhere", "other"),
          "SRS0=",
          "SRS0=a=b=c",
          "SRS0=aaaaaa=aa=elsewhere.example=Carol",
          "SRS0====",
          "carol"
        }) {
      assertThat(rewriting.original(address(forged), NOW)).as(forged).isEmpty();
    }
  }

  @Test
  void whatWasRewrittenElsewhereGoesBackToTheFirstThatDid() {
    MailAddress first = new MailAddress("SRS0=ab=cd=net.example=Carol", "one.example");
    MailAddress second = rewriting.rewritten(first, "example.com", NOW);
    assertThat(second.localPart()).matches("SRS1=[a-z2-7]{6}=one.example==ab=cd=net.example=Carol");
    assertThat(rewriting.original(second, NOW)).contains(first);
    SenderRewriting third = new SenderRewriting("fedcba9876543210");
    MailAddress ours = third.rewritten(second, "example.org", NOW);
    assertThat(ours.localPart().length()).isEqualTo(second.localPart().length());
    assertThat(third.original(ours, NOW)).contains(first);
    assertThat(third.original(second, NOW)).isEmpty();
    MailAddress plus = new MailAddress("SRS0+ab=cd=net.example=carol", "one.example");
    assertThat(rewriting.original(rewriting.rewritten(plus, "example.com", NOW), NOW))
        .contains(plus);
    for (String forged :
        new String[] {
          second.localPart().replace("one", "two"),
          second.localPart().replace("Carol", "Dave"),
          "SRS1=",
          "SRS1=a",
          "SRS1=a=b",
          "SRS1=a=b=c",
          "SRS1===="
        }) {
      assertThat(rewriting.original(address(forged), NOW)).as(forged).isEmpty();
    }
  }

  @Test
  void withoutAKeyOrRoomASenderStays() {
    assertThat(new SenderRewriting("").rewritten(CAROL, "example.com", NOW)).isEqualTo(CAROL);
    MailAddress longOne = new MailAddress("c".repeat(60), "elsewhere.example");
    assertThat(rewriting.rewritten(longOne, "example.com", NOW)).isEqualTo(longOne);
  }

  private static MailAddress address(String localPart) {
    return new MailAddress(localPart, "example.com");
  }
}
