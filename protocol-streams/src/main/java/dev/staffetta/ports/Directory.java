package dev.staffetta.ports;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What an administrator may change: domains with their keys, accounts, aliases. Every answered
 * change is durable.
 */
public interface Directory extends DkimKeys {
  CompletionStage<Void> addDomain(String domain);

  CompletionStage<List<String>> domains();

  /** Refused with {@link Refusal.Code#CANNOT} while the domain has accounts. */
  CompletionStage<Void> removeDomain(String domain);

  CompletionStage<Void> addAccount(AccountId account, String password);

  /**
   * Adds an account whose password is known only by its hash: for moving many accounts at once.
   *
   * @param passwordHash as other servers export it, such as {@code {BLF-CRYPT}$2y$…}; one that is
   *     not known, or costs too much to verify, is refused
   */
  default CompletionStage<Void> importAccount(AccountId account, String passwordHash) {
    return CompletableFuture.failedStage(
        new Refusal(Refusal.Code.CANNOT, "password hashes cannot be imported"));
  }

  CompletionStage<List<AccountId>> accounts(String domain);

  CompletionStage<Void> setPassword(AccountId account, String password);

  /** Removes the account with all its mail. */
  CompletionStage<Void> removeAccount(AccountId account);

  /**
   * Mail for {@code address} goes to {@code targets}: accounts and aliases here, and addresses in
   * domains that are not ours. Replaces what it was.
   */
  CompletionStage<Void> addAlias(MailAddress address, List<MailAddress> targets);

  CompletionStage<List<Alias>> aliases(String domain);

  CompletionStage<Void> removeAlias(MailAddress address);

  /** An alias and where it leads. */
  record Alias(MailAddress address, List<MailAddress> targets) {
    public Alias {
      targets = List.copyOf(targets);
    }
  }
}
