package dev.staffetta.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.account.AccountCommand.Create;
import dev.staffetta.account.AccountCommand.DeleteFolder;
import dev.staffetta.account.AccountCommand.Remove;
import dev.staffetta.account.AccountCommand.RenameFolder;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What an account owes to its mailboxes: deletions, the move of INBOX, its own removal. */
class AccountChoresTest extends AccountFixture {
  private void awaitAsked(int times) {
    Awaitility.await().until(() -> neighbours.mailboxes.size() == times);
  }

  @Test
  void deletionIsDoneAgainUntilItIsAnswered() {
    create();
    account
        .<Answer<Done>>runCommand(replyTo -> new DeleteFolder(ContentId.random(), "Junk", replyTo))
        .reply()
        .orRefuse();
    awaitAsked(1);
    neighbours.asked.remove().completeExceptionally(new IllegalStateException("down"));
    awaitAsked(2);
    // It crashes before the answer comes.
    account.restart();
    awaitAsked(3);
    neighbours.answerAll();
    Awaitility.await().until(() -> account.getState().chores().isEmpty());
    assertThat(neighbours.mailboxes).containsOnly(neighbours.mailboxes.peek());
  }

  @Test
  void renameOfInboxIsAnsweredWhenItsMailHasMoved() {
    create();
    TestProbe<Answer<Done>> asker = kit.createTestProbe();
    account.runCommand(new RenameFolder(ContentId.random(), "INBOX", "old", asker.getRef()));
    awaitAsked(1);
    asker.expectNoMessage(java.time.Duration.ofMillis(20));
    neighbours.answerAll();
    asker.receiveMessage().orRefuse();
    assertThat(account.getState().folders()).containsKey("old");
  }

  @Test
  void moveThatCannotBeIsGivenUp() {
    create();
    account.runCommand(
        new RenameFolder(ContentId.random(), "INBOX", "old", kit.system().ignoreRef()));
    awaitAsked(1);
    neighbours
        .asked
        .remove()
        .completeExceptionally(new Refusal(Refusal.Code.NONEXISTENT, "the folder was deleted"));
    Awaitility.await().until(() -> account.getState().chores().isEmpty());
  }

  @Test
  void removalIsAnsweredWhenAllMailIsGone() {
    create();
    TestProbe<Answer<Boolean>> asker = kit.createTestProbe();
    account.runCommand(new Remove(ContentId.random(), asker.getRef()));
    awaitAsked(6);
    assertThat(
            refusal(
                account
                    .<Answer<Boolean>>runCommand(r -> new Create(ContentId.random(), "x", r))
                    .reply()))
        .isEqualTo(Refusal.Code.UNAVAILABLE);
    neighbours.answerAll();
    assertThat(asker.receiveMessage().orRefuse()).isTrue();
    assertThat(
            account
                .<Answer<Boolean>>runCommand(r -> new Remove(ContentId.random(), r))
                .reply()
                .orRefuse())
        .isFalse();
    assertThat(create()).isTrue();
  }

  @Test
  void removalThatIsSentAgainWaitsForTheSameEnd() {
    create();
    ContentId operation = ContentId.random();
    TestProbe<Answer<Boolean>> asker = kit.createTestProbe();
    account.runCommand(new Remove(operation, asker.getRef()));
    account.runCommand(new Remove(operation, asker.getRef()));
    awaitAsked(6);
    neighbours.answerAll();
    assertThat(asker.receiveMessage().orRefuse()).isTrue();
    assertThat(asker.receiveMessage().orRefuse()).isTrue();
    account.runCommand(new Remove(operation, asker.getRef()));
    assertThat(asker.receiveMessage().orRefuse()).isTrue();
  }
}
