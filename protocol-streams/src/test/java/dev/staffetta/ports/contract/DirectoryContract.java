package dev.staffetta.ports.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Directory.Alias;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link dev.staffetta.ports.Directory} does. */
public interface DirectoryContract extends PortsUnderTest {
  @Test
  default void domainsComeAndGo() {
    String domain = newDomain();
    await(directory().addDomain(domain));
    assertThat(await(directory().domains())).contains(domain);
    assertRefused(directory().addDomain(domain), Refusal.Code.ALREADYEXISTS);
    AccountId account = new AccountId("alice@" + domain);
    await(directory().addAccount(account, "secret"));
    assertRefused(directory().removeDomain(domain), Refusal.Code.CANNOT);
    await(directory().removeAccount(account));
    await(directory().removeDomain(domain));
    assertThat(await(directory().domains())).doesNotContain(domain);
    assertRefused(directory().removeDomain(domain), Refusal.Code.NONEXISTENT);
    assertRefused(directory().addAccount(account, "secret"), Refusal.Code.NONEXISTENT);
  }

  @Test
  default void accountsComeAndGo() {
    AccountId alice = newAccount();
    AccountId bob = new AccountId("bob@" + alice.domain());
    await(directory().addAccount(bob, "secret"));
    assertThat(await(directory().accounts(alice.domain()))).containsExactlyInAnyOrder(alice, bob);
    assertRefused(directory().addAccount(bob, "secret"), Refusal.Code.ALREADYEXISTS);
    await(directory().removeAccount(bob));
    assertThat(await(directory().accounts(alice.domain()))).containsExactly(alice);
    assertRefused(directory().removeAccount(bob), Refusal.Code.NONEXISTENT);
    assertRefused(directory().setPassword(bob, "x"), Refusal.Code.NONEXISTENT);
  }

  @Test
  default void aRemovedAccountTakesItsMailAlong() {
    AccountId alice = newAccount();
    MailboxId inbox = MailboxId.inboxOf(alice);
    append(inbox, "old");
    await(directory().removeAccount(alice));
    assertRefused(folders().tree(alice), Refusal.Code.NONEXISTENT);
    assertRefused(mailboxes().view(inbox), Refusal.Code.NONEXISTENT);
    await(directory().addAccount(alice, "secret"));
    assertThat(view(inbox).messages().isEmpty()).isTrue();
    append(inbox, "new");
    assertThat(view(inbox).messages().size()).isEqualTo(1);
  }

  @Test
  default void aliasesComeAndGo() {
    AccountId alice = newAccount();
    MailAddress sales = new MailAddress("sales", alice.domain());
    MailAddress target = new MailAddress("alice", alice.domain());
    await(directory().addAlias(sales, List.of(target)));
    assertThat(await(directory().aliases(alice.domain())))
        .containsExactly(new Alias(sales, List.of(target)));
    await(directory().removeAlias(sales));
    assertThat(await(directory().aliases(alice.domain()))).isEmpty();
    assertRefused(directory().removeAlias(sales), Refusal.Code.NONEXISTENT);
  }
}
