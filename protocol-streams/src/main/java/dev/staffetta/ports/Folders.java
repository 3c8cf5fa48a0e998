package dev.staffetta.ports;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * An account's folder tree: names to mailboxes. A name is Unicode, levels are divided by {@link
 * #DELIMITER}.
 */
public interface Folders {
  /** The hierarchy delimiter (RFC 9051 5.1.1). */
  char DELIMITER = '/';

  /** The whole tree. An account has few folders, so a pattern is matched by who asks. */
  CompletionStage<FolderTree> tree(AccountId account);

  /** Makes a mailbox, and its missing parents as names without a mailbox (RFC 9051 6.3.4). */
  CompletionStage<MailboxId> create(AccountId account, String name, Optional<SpecialUse> use);

  /**
   * Deletes a mailbox and its messages (RFC 9051 6.3.5); a name with inferiors stays as {@code
   * \Noselect}.
   */
  CompletionStage<Void> delete(AccountId account, String name);

  /**
   * Renames a mailbox and its inferiors; INBOX's messages move to a new mailbox and INBOX stays
   * (RFC 9051 6.3.6).
   */
  CompletionStage<Void> rename(AccountId account, String from, String to);

  /** Adds a name to the subscriptions; it need not exist (RFC 9051 6.3.7). */
  CompletionStage<Void> subscribe(AccountId account, String name);

  /** Takes a name from the subscriptions. */
  CompletionStage<Void> unsubscribe(AccountId account, String name);
}
