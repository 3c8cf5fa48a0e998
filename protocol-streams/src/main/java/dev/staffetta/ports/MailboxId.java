package dev.staffetta.ports;

/**
 * Names one mailbox for ever: a rename keeps it, a new mailbox of an old name gets another.
 *
 * @param account who owns it
 * @param number unique within the account; {@link #INBOX} is the INBOX
 */
public record MailboxId(AccountId account, long number) {
  /** The number of every account's INBOX, so that a delivery need not ask for it. */
  public static final long INBOX = 1;

  /** The INBOX of an account. */
  public static MailboxId inboxOf(AccountId account) {
    return new MailboxId(account, INBOX);
  }

  @Override
  public String toString() {
    return account + "/" + number;
  }
}
