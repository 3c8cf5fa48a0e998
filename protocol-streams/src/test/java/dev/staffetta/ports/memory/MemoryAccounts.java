package dev.staffetta.ports.memory;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Accounts;
import dev.staffetta.ports.Refusal;
import java.net.InetAddress;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

final class MemoryAccounts implements Accounts {
  private final MemoryMail mail;

  MemoryAccounts(MemoryMail mail) {
    this.mail = mail;
  }

  @Override
  public CompletionStage<AccountId> authenticate(String user, String password, InetAddress client) {
    return mail.call(
        PortCall.AUTHENTICATE,
        () -> {
          MemoryAccount account = mail.accounts.get(user.toLowerCase(Locale.ROOT));
          if (account == null || !account.password.equals(password)) {
            throw new Refusal(Refusal.Code.NOPERM, "user or password is wrong");
          }
          return account.id;
        });
  }

  @Override
  public CompletionStage<Void> countRecipient(AccountId account) {
    return mail.call(PortCall.COUNT_RECIPIENT, () -> null);
  }

  @Override
  public CompletionStage<MaildropLock> lockMaildrop(AccountId id) {
    return mail.call(
        PortCall.LOCK_MAILDROP,
        () -> {
          MemoryAccount account = mail.account(id);
          if (account.maildropLocked) {
            throw new Refusal(Refusal.Code.INUSE, "another session has the maildrop");
          }
          account.maildropLocked = true;
          AtomicBoolean released = new AtomicBoolean();
          return () -> {
            if (!released.getAndSet(true)) {
              mail.locked(() -> account.maildropLocked = false);
            }
          };
        });
  }
}
