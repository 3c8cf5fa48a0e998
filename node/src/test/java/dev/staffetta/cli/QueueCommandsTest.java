package dev.staffetta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.admin.FixedQueues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is printed of mail that waits for other servers, and what becomes of it. */
class QueueCommandsTest {
  @RegisterExtension final AdministeredNode node = new AdministeredNode();

  @Test
  void theQueueIsListed() {
    assertThat(node.run("queue", "list", "--limit", "2")).as(() -> node.err()).isZero();
    // How wide the column of ages is depends on the hour.
    assertThat(node.out().lines().map(l -> l.replaceAll("(AGE|[0-9]+d[0-9]+h) +", "AGE  ")))
        .containsExactly(
            "ID                                AGE  SIZE     TRIES  NEXT  SENDER             "
                + "RECIPIENTS       LAST ANSWER",
            FixedQueues.FIRST
                + "  AGE  1.2 KiB  1      due   alice@example.com  bob@one.example  450 4.2.0"
                + " greylisted",
            FixedQueues.BUSY
                + "  AGE  1.2 KiB  1      due   alice@example.com  bob@one.example  450 4.2.0"
                + " greylisted",
            "and more: see --limit and --domain, and 'staffetta status' for the numbers");
    node.forgetOutput();
    assertThat(node.run("queue", "list", "--json")).isZero();
    assertThat(node.out()).contains("\"hasMore\":false").contains("\"state\":\"held\"");
    node.forgetOutput();
    assertThat(node.run("queue", "list", "--domain", "two.example")).isZero();
    assertThat(node.out().lines()).hasSize(1);
  }

  @Test
  void aMessageIsShownAndTraced() {
    assertThat(node.run("queue", "show", FixedQueues.FIRST)).as(() -> node.err()).isZero();
    assertThat(node.out().lines())
        .containsExactly(
            "message       " + FixedQueues.FIRST,
            "message-id    <m1@example.com>",
            "content       00000000000000000000000000000001, 1.2 KiB",
            "sender        alice@example.com",
            "submitted by  alice@example.com",
            "destination   one.example, in queue 4",
            "accepted      2026-01-02T03:04:05Z",
            "options       BODY=8BITMIME RET=HDRS",
            "state         waiting, tried 1 time, next attempt 2026-01-02T03:09:05Z",
            "recipients",
            "  bob@one.example  waiting  450 4.2.0 greylisted (mx.one.example)  NOTIFY=FAILURE",
            "  carol@one.example  delivered  250 2.0.0 taken (mx.one.example)",
            "attempts",
            "  2026-01-02T03:04:05Z  mx.one.example (TLSv1.3)  bob@one.example  temporary  450"
                + " 4.2.0 greylisted");
    String shown = node.out();
    node.forgetOutput();
    assertThat(node.run("trace", "<m1@example.com>")).isZero();
    assertThat(node.out()).isEqualTo(shown);
    assertThat(node.run("trace", "<m1@example.com>", "--json")).isZero();
    assertThat(node.run("queue", "show", FixedQueues.FIRST, "--json")).isZero();
  }

  @Test
  void messagesOfTheQueueAreChanged() {
    assertThat(node.run("queue", "hold", FixedQueues.FIRST)).as(() -> node.err()).isZero();
    assertThat(node.run("queue", "release", "--domain", "one.example")).isZero();
    assertThat(node.run("queue", "cancel", FixedQueues.FIRST)).isZero();
    assertThat(node.run("queue", "cancel", FixedQueues.FIRST, "--bounce")).isZero();
    assertThat(node.run("queue", "retry")).isZero();
    assertThat(node.run("queue", "flush")).isZero();
    assertThat(node.queues.changes())
        .containsExactly(
            "HOLD Single[id=" + FixedQueues.FIRST + "]",
            "RELEASE OfDomain[domain=one.example]",
            "RELEASE OfDomain[domain=one.example] after half",
            "CANCEL Single[id=" + FixedQueues.FIRST + "]",
            "BOUNCE Single[id=" + FixedQueues.FIRST + "]",
            "RETRY All[]",
            "RETRY All[] after half",
            "RETRY All[]",
            "RETRY All[] after half");
    assertThat(node.out().lines())
        .startsWith(
            "1 message held",
            "2 messages released; 1 left alone that are being sent just now",
            "1 message cancelled",
            "1 message cancelled and bounced",
            "2 messages due now; 1 left alone that are being sent just now");
  }
}
