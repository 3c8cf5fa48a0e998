package dev.staffetta.ports.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Accounts.MaildropLock;
import dev.staffetta.ports.Refusal;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What {@link dev.staffetta.ports.Accounts} does. */
public interface AccountsContract extends PortsUnderTest {
  @Test
  default void aPasswordIsRightOrWrong() {
    AccountId account = newAccount();
    InetAddress client = InetAddress.getLoopbackAddress();
    assertThat(await(accounts().authenticate(account.address(), "secret", client)))
        .isEqualTo(account);
    assertThat(
            await(
                accounts()
                    .authenticate(account.address().toUpperCase(Locale.ROOT), "secret", client)))
        .isEqualTo(account);
    for (String wrong : new String[] {"Secret", "secret ", ""}) {
      assertRefused(accounts().authenticate(account.address(), wrong, client), Refusal.Code.NOPERM);
    }
    for (String nobody :
        new String[] {
          "bob@" + account.domain(), "alice@elsewhere.example", "alice", "", "@", "a@b@c", "\0"
        }) {
      assertRefused(accounts().authenticate(nobody, "secret", client), Refusal.Code.NOPERM);
    }
  }

  @Test
  default void aNewPasswordReplacesTheOld() {
    AccountId account = newAccount();
    InetAddress client = InetAddress.getLoopbackAddress();
    await(accounts().authenticate(account.address(), "secret", client));
    await(directory().setPassword(account, "other secret"));
    assertRefused(
        accounts().authenticate(account.address(), "secret", client), Refusal.Code.NOPERM);
    assertThat(await(accounts().authenticate(account.address(), "other secret", client)))
        .isEqualTo(account);
  }

  @Test
  default void aRemovedAccountIsNobody() {
    AccountId account = newAccount();
    InetAddress client = InetAddress.getLoopbackAddress();
    await(accounts().authenticate(account.address(), "secret", client));
    await(directory().removeAccount(account));
    assertRefused(
        accounts().authenticate(account.address(), "secret", client), Refusal.Code.NOPERM);
  }

  @Test
  default void oneSessionHasTheMaildrop() {
    AccountId account = newAccount();
    MaildropLock lock = await(accounts().lockMaildrop(account));
    assertRefused(accounts().lockMaildrop(account), Refusal.Code.INUSE);
    await(accounts().lockMaildrop(newAccount())).release();
    lock.release();
    MaildropLock next = lockSoon(account);
    lock.release();
    assertRefused(accounts().lockMaildrop(account), Refusal.Code.INUSE);
    next.release();
    lockSoon(account).release();
  }

  /** A release says nothing back, so the next session may have to try more than once. */
  private MaildropLock lockSoon(AccountId account) {
    return Awaitility.await().until(() -> lockIfFree(account), Optional::isPresent).orElseThrow();
  }

  private Optional<MaildropLock> lockIfFree(AccountId account) {
    try {
      return Optional.of(accounts().lockMaildrop(account).toCompletableFuture().join());
    } catch (CompletionException e) {
      assertThat(Refusal.of(e).code()).isEqualTo(Refusal.Code.INUSE);
      return Optional.empty();
    }
  }
}
