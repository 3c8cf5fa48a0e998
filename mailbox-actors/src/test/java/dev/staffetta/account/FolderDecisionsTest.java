package dev.staffetta.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.AccountSettings;
import dev.staffetta.mailbox.NoActor;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpecialUse;
import dev.staffetta.sharding.Decision;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 3501 6.3.3 to 6.3.6, RFC 9051 6.3.4 to 6.3.8: names of folders, without an actor. */
class FolderDecisionsTest {
  private static final long NOW = 1_790_000_000L;

  private final AccountSettings settings =
      AccountSettings.from(
          ConfigFactory.parseString(
                  "max-folders = 20, max-folder-depth = 4, max-folder-name-length = 40")
              .withFallback(ConfigFactory.defaultReference().getConfig("staffetta.accounts")));
  private AccountState account;

  @BeforeEach
  void create() {
    account = AccountState.absent(new AccountId("alice@example.com"));
    run(
        AccountDecisions.create(
            account,
            new AccountCommand.Create(ContentId.random(), "hash", NoActor.ref()),
            context()));
  }

  private AccountContext context() {
    return new AccountContext(Instant.ofEpochSecond(NOW), settings);
  }

  private <R> Optional<R> run(Decision<AccountChange, R> decision) {
    for (AccountChange change : decision.changes()) {
      account = change.applyTo(account);
    }
    return decision.answer().map(answer -> answer.orRefuse());
  }

  private MailboxId create(String name) {
    return run(AccountDecisions.createFolder(
            account,
            new AccountCommand.CreateFolder(
                ContentId.random(), name, Optional.empty(), NoActor.ref()),
            context()))
        .orElseThrow();
  }

  private void delete(String name) {
    run(
        AccountDecisions.deleteFolder(
            account, new AccountCommand.DeleteFolder(ContentId.random(), name, NoActor.ref())));
  }

  private void rename(String from, String to) {
    run(
        AccountDecisions.renameFolder(
            account,
            new AccountCommand.RenameFolder(ContentId.random(), from, to, NoActor.ref()),
            context()));
  }

  private void subscribe(String name) {
    run(
        AccountDecisions.subscribe(
            account, new AccountCommand.Subscribe(name, NoActor.ref()), context()));
  }

  private Optional<MailboxId> mailbox(String name) {
    return account.tree().mailbox(name);
  }

  private static void assertRefused(Refusal.Code code, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(Refusal.class, r -> assertThat(r.code()).isEqualTo(code));
  }

  @Test
  void newAccountHasSpecialFoldersUnderNumbersOfTheirOwn() {
    assertThat(mailbox("INBOX")).contains(MailboxId.inboxOf(account.id()));
    assertThat(account.folders().get("Sent").use()).contains(SpecialUse.SENT);
    assertThat(account.folders().values().stream().map(f -> f.mailbox().orElseThrow().number()))
        .doesNotHaveDuplicates();
    assertThat(
            account.folders().values().stream().map(f -> f.mailbox().orElseThrow().uidValidity()))
        .doesNotHaveDuplicates()
        .allSatisfy(uidValidity -> assertThat(uidValidity).isGreaterThanOrEqualTo(NOW));
  }

  @Test
  void missingParentsBecomeNamesWithoutAMailbox() {
    create("a/b/c");
    assertThat(account.folders()).containsKeys("a", "a/b", "a/b/c");
    assertThat(mailbox("a/b")).isEmpty();
    assertThat(create("a/b")).isEqualTo(mailbox("a/b").orElseThrow());
    assertRefused(Refusal.Code.ALREADYEXISTS, () -> create("a/b"));
  }

  @Test
  void delimiterAtTheEndIsDropped() {
    create("a/");
    assertThat(mailbox("a")).isPresent();
    assertThat(account.folders()).doesNotContainKey("a/");
  }

  @Test
  void inboxIsInboxInAnyCase() {
    assertRefused(Refusal.Code.ALREADYEXISTS, () -> create("iNbOx"));
    assertRefused(Refusal.Code.ALREADYEXISTS, () -> create("INBOX/"));
    assertRefused(Refusal.Code.CANNOT, () -> delete("inbox"));
    create("inbox/a");
    assertThat(mailbox("INBOX/a")).isPresent();
    // Other names are told apart by case (RFC 9051 5.1).
    create("sent");
    assertThat(mailbox("sent")).isNotEqualTo(mailbox("Sent"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "/a", "a//b", "a/%", "*", "a\r\nb", "a\u0000", "a\u0085", "a\u2028", "a\ud800",
        "a\u007f"
      })
  void impossibleNames(String name) {
    assertRefused(Refusal.Code.CANNOT, () -> create(name));
  }

  @Test
  void limitsOfNames() {
    create("a/b/c/d");
    assertRefused(Refusal.Code.LIMIT, () -> create("a/b/c/d/e"));
    create("x".repeat(40));
    assertRefused(Refusal.Code.LIMIT, () -> create("é".repeat(21)));
  }

  @Test
  void limitOfFoldersCountsParentsToo() {
    // 6 there already.
    for (int i = 0; i < 12; i++) {
      create("f" + i);
    }
    assertRefused(Refusal.Code.LIMIT, () -> create("p/q/r"));
    create("p/q");
    assertRefused(Refusal.Code.LIMIT, () -> create("one"));
    delete("f0");
    create("one");
  }

  @Test
  void deletedNameWithInferiorsStaysWithoutItsMailbox() {
    MailboxId a = create("a");
    create("a/b");
    delete("a");
    assertThat(account.folders()).containsKey("a");
    assertThat(mailbox("a")).isEmpty();
    assertThat(account.uidValidity(a.number())).isEqualTo(OptionalLong.empty());
    assertRefused(Refusal.Code.CANNOT, () -> delete("a"));
    delete("a/b");
    delete("a");
    assertThat(account.folders()).doesNotContainKey("a");
    assertRefused(Refusal.Code.NONEXISTENT, () -> delete("a"));
    assertThat(account.chores()).hasSize(2);
  }

  @Test
  void usedNameGetsANewNumberAndAHigherUidValidity() {
    MailboxId first = create("a");
    long uidValidity = account.uidValidity(first.number()).orElseThrow();
    delete("a");
    MailboxId second = create("a");
    assertThat(second.number()).isGreaterThan(first.number());
    assertThat(account.uidValidity(second.number()).orElseThrow()).isGreaterThan(uidValidity);
  }

  @Test
  void renameTakesInferiorsAlongAndKeepsMailboxes() {
    MailboxId a = create("a");
    MailboxId b = create("a/b");
    create("ab");
    rename("a", "x/y");
    assertThat(mailbox("x/y")).contains(a);
    assertThat(mailbox("x/y/b")).contains(b);
    assertThat(account.folders()).containsKeys("x", "ab").doesNotContainKeys("a", "a/b");
    assertRefused(Refusal.Code.NONEXISTENT, () -> rename("a", "z"));
    assertRefused(Refusal.Code.ALREADYEXISTS, () -> rename("x/y", "ab"));
    assertRefused(Refusal.Code.ALREADYEXISTS, () -> rename("x/y", "inbox"));
    assertRefused(Refusal.Code.CANNOT, () -> rename("x", "x/y/z"));
    assertRefused(Refusal.Code.LIMIT, () -> rename("x", "1/2/3"));
  }

  @Test
  void renamedNameIsStillSubscribedUnderTheOldOne() {
    create("a");
    subscribe("a");
    rename("a", "b");
    assertThat(account.subscriptions()).contains("a").doesNotContain("b");
    delete("b");
    subscribe("never was");
    assertThat(account.subscriptions()).contains("a", "never was");
  }

  @Test
  void renamedInboxLeavesItsInferiorsAndGetsAChore() {
    create("INBOX/sub");
    rename("INBOX", "old");
    assertThat(mailbox("INBOX")).contains(MailboxId.inboxOf(account.id()));
    assertThat(mailbox("INBOX/sub")).isPresent();
    assertThat(account.chores())
        .containsExactly(new AccountState.Chore.MoveInbox(mailbox("old").orElseThrow().number()));
    assertRefused(Refusal.Code.ALREADYEXISTS, () -> rename("inbox", "old"));
  }

  @Test
  void accountThatComesBackWaitsForItsOldMailToGo() {
    long last = account.lastUidValidity();
    run(AccountDecisions.remove(account));
    assertRefused(Refusal.Code.NONEXISTENT, () -> create("a"));
    AccountCommand.Create again =
        new AccountCommand.Create(ContentId.random(), "hash", NoActor.ref());
    assertRefused(
        Refusal.Code.UNAVAILABLE, () -> AccountDecisions.create(account, again, context()));
    for (AccountState.Chore chore : account.chores()) {
      run(
          AccountDecisions.finishChore(
              account, new AccountCommand.FinishChore(chore, NoActor.ref())));
    }
    run(AccountDecisions.create(account, again, context()));
    assertThat(
            account.folders().values().stream().map(f -> f.mailbox().orElseThrow().uidValidity()))
        .allSatisfy(uidValidity -> assertThat(uidValidity).isGreaterThan(last));
  }
}
