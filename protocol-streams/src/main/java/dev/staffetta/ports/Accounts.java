package dev.staffetta.ports;

import java.net.InetAddress;
import java.util.concurrent.CompletionStage;

/** Who may log in. */
public interface Accounts {
  /**
   * Verifies a password. Takes as long for an unknown user as for a wrong password.
   *
   * @param user as the client sent it: an address
   * @param client whose failures are counted
   * @return the account; {@link Refusal.Code#NOPERM} when user or password are wrong
   */
  CompletionStage<AccountId> authenticate(String user, String password, InetAddress client);

  /**
   * Locks an account's maildrop for one POP3 session (RFC 1939 8); {@link Refusal.Code#INUSE} when
   * another has it.
   *
   * @return a lease; it ends when closed or with this node
   */
  CompletionStage<MaildropLock> lockMaildrop(AccountId account);

  /**
   * Counts a recipient that the account is to send to; refused with {@link Refusal.Code#LIMIT} when
   * it has sent to as many in an hour, or a day, as it may. Asked twice it counts twice, which does
   * little harm.
   */
  CompletionStage<Void> countRecipient(AccountId account);

  /** A held lock. */
  interface MaildropLock {
    /** Lets the next session in. May be called twice. */
    void release();
  }
}
