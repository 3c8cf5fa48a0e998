package dev.staffetta.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.account.AccountCommand.LockMaildrop;
import dev.staffetta.account.AccountCommand.Locked;
import dev.staffetta.account.AccountCommand.UnlockMaildrop;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The maildrop belongs to one session until that ends. */
class MaildropTest extends AccountFixture {
  private static final ContentId FIRST = new ContentId(1, 1);
  private static final ContentId SECOND = new ContentId(2, 2);

  @Test
  void maildropBelongsToOneUntilThatEnds() {
    create();
    TestProbe<Answer<Locked>> first = kit.createTestProbe();
    TestProbe<Answer<Locked>> second = kit.createTestProbe();
    account.runCommand(new LockMaildrop(FIRST, first.getRef()));
    first.receiveMessage().orRefuse();
    // Asked again by the same.
    account.runCommand(new LockMaildrop(FIRST, first.getRef()));
    first.receiveMessage().orRefuse();
    account.runCommand(new LockMaildrop(SECOND, second.getRef()));
    assertThat(refusal(second.receiveMessage())).isEqualTo(Refusal.Code.INUSE);
    account.runCommand(AccountCommand.Signal.IDLE);
    assertThat(neighbours.passivations).hasValue(0);
    account.runCommand(new UnlockMaildrop(SECOND, kit.system().ignoreRef()));
    account.runCommand(new LockMaildrop(SECOND, second.getRef()));
    assertThat(refusal(second.receiveMessage())).isEqualTo(Refusal.Code.INUSE);
    first.stop();
    Awaitility.await()
        .untilAsserted(
            () -> {
              account.runCommand(new LockMaildrop(SECOND, second.getRef()));
              second.receiveMessage().orRefuse();
            });
  }

  @Test
  void maildropIsKeptForItsSessionWhileTheAccountMoves() {
    create();
    TestProbe<Answer<Locked>> first = kit.createTestProbe();
    TestProbe<Answer<Locked>> second = kit.createTestProbe();
    account.runCommand(new LockMaildrop(FIRST, first.getRef()));
    first.receiveMessage().orRefuse();
    account.restart();
    account.runCommand(new LockMaildrop(SECOND, second.getRef()));
    assertThat(refusal(second.receiveMessage())).isEqualTo(Refusal.Code.UNAVAILABLE);
    account.runCommand(new LockMaildrop(FIRST, first.getRef()));
    first.receiveMessage().orRefuse();
    account.runCommand(new LockMaildrop(SECOND, second.getRef()));
    assertThat(refusal(second.receiveMessage())).isEqualTo(Refusal.Code.INUSE);
    account.restart();
    // Nobody comes forward.
    Awaitility.await()
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              account.runCommand(new LockMaildrop(SECOND, second.getRef()));
              second.receiveMessage().orRefuse();
            });
  }
}
