package dev.staffetta.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.account.AccountCommand.Create;
import dev.staffetta.account.AccountCommand.DeleteFolder;
import dev.staffetta.account.AccountCommand.FindMailbox;
import dev.staffetta.account.AccountCommand.GetPasswordHash;
import dev.staffetta.account.AccountCommand.RenameFolder;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Answer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;

/**
 * Passwords, recipients and folders of an account, changes sent again, and accounts that do not
 * exist.
 */
class AccountTest extends AccountFixture {
  private Answer<Done> count() {
    return account
        .<Answer<Done>>runCommand(replyTo -> new AccountCommand.CountRecipients(1, replyTo))
        .reply();
  }

  @Test
  void recipientsOfAnHourAndADayAreLimited() {
    assertThat(refusal(count())).isEqualTo(Refusal.Code.NONEXISTENT);
    create();
    for (int i = 0; i < 10; i++) {
      count().orRefuse();
    }
    assertThat(refusal(count())).isEqualTo(Refusal.Code.LIMIT);
    clock.pass(Duration.ofMinutes(70));
    for (int i = 0; i < 5; i++) {
      count().orRefuse();
    }
    assertThat(refusal(count())).isEqualTo(Refusal.Code.LIMIT);
    clock.pass(Duration.ofMinutes(70));
    assertThat(refusal(count())).isEqualTo(Refusal.Code.LIMIT);
    clock.pass(Duration.ofHours(24));
    count().orRefuse();
  }

  @Test
  void aCrashForgetsFewRecipients() {
    create();
    for (int i = 0; i < 10; i++) {
      count().orRefuse();
    }
    account.restart();
    count().orRefuse();
    count().orRefuse();
    assertThat(refusal(count())).isEqualTo(Refusal.Code.LIMIT);
  }

  @Test
  void aHashIsRenewedOnlyWhereThePasswordIsStillTheSame() {
    create();
    String before = passwordHash();
    changePassword("renewed", Optional.of("another"));
    assertThat(passwordHash()).isEqualTo(before);
    changePassword("renewed", Optional.of(before));
    assertThat(passwordHash()).isEqualTo("renewed");
    changePassword("chosen", Optional.empty());
    account.restart();
    assertThat(passwordHash()).isEqualTo("chosen");
  }

  private String passwordHash() {
    return account.<Answer<String>>runCommand(GetPasswordHash::new).reply().orRefuse();
  }

  private void changePassword(String hash, Optional<String> insteadOf) {
    account
        .<Answer<Done>>runCommand(
            replyTo -> new AccountCommand.ChangePassword(hash, insteadOf, replyTo))
        .reply()
        .orRefuse();
  }

  @Test
  void accountThatIsNotThereSaysSoAndLeaves() {
    assertThat(refusal(account.<Answer<String>>runCommand(GetPasswordHash::new).reply()))
        .isEqualTo(Refusal.Code.NONEXISTENT);
    assertThat(
            account
                .<Answer<OptionalLong>>runCommand(replyTo -> new FindMailbox(1, replyTo))
                .reply()
                .orRefuse())
        .isEmpty();
    assertThat(neighbours.passivations).hasValue(2);
    assertThat(create()).isTrue();
    assertThat(create()).isFalse();
    assertThat(
            account
                .<Answer<OptionalLong>>runCommand(replyTo -> new FindMailbox(1, replyTo))
                .reply()
                .orRefuse())
        .isPresent();
    assertThat(neighbours.passivations).hasValue(2);
  }

  @Test
  void changesThatAreSentAgainAreAnsweredAsTheFirst() {
    ContentId operation = ContentId.random();
    for (int i = 0; i < 2; i++) {
      assertThat(
              account
                  .<Answer<Boolean>>runCommand(r -> new Create(operation, "hash", r))
                  .reply()
                  .orRefuse())
          .isTrue();
    }
    assertThat(create()).isFalse();
    ContentId folder = ContentId.random();
    MailboxId first = createFolder(folder).orRefuse();
    account.restart();
    assertThat(createFolder(folder).orRefuse()).isEqualTo(first);
    assertThat(refusal(createFolder(ContentId.random()))).isEqualTo(Refusal.Code.ALREADYEXISTS);
    ContentId rename = ContentId.random();
    ContentId delete = ContentId.random();
    for (int i = 0; i < 2; i++) {
      account
          .<Answer<Done>>runCommand(r -> new RenameFolder(rename, "new", "newer", r))
          .reply()
          .orRefuse();
    }
    for (int i = 0; i < 2; i++) {
      account
          .<Answer<Done>>runCommand(r -> new DeleteFolder(delete, "newer", r))
          .reply()
          .orRefuse();
    }
    assertThat(
            refusal(
                account
                    .<Answer<Done>>runCommand(r -> new DeleteFolder(ContentId.random(), "newer", r))
                    .reply()))
        .isEqualTo(Refusal.Code.NONEXISTENT);
  }

  private Answer<MailboxId> createFolder(ContentId operation) {
    return account
        .<Answer<MailboxId>>runCommand(
            r -> new AccountCommand.CreateFolder(operation, "new", java.util.Optional.empty(), r))
        .reply();
  }
}
