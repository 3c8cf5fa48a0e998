package dev.staffetta.pop3;

import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.UidSet;
import java.net.InetAddress;

/** What a session asks of the ports. Each effect has one answer. */
sealed interface Pop3Effect {
  /** What the effect is; a new one cannot be forgotten. */
  <T> T accept(Visitor<T> visitor);

  /**
   * Verify the password, lock the maildrop, read the INBOX; answered by {@link Pop3Input.LoggedIn}
   * or {@link Pop3Input.LoginRefused}.
   *
   * @param clientAddress whose failures are counted
   */
  record LogIn(String user, String password, InetAddress clientAddress) implements Pop3Effect {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.logIn(this);
    }

    /** Without the password: this may end in a log. */
    @Override
    public String toString() {
      return "LogIn[user=" + user + "]";
    }
  }

  /**
   * Remove messages, perhaps none, and unlock the maildrop; answered by {@link Pop3Input.Updated}
   * or {@link Pop3Input.UpdateRefused}.
   */
  record Update(MailboxId mailbox, UidSet marked) implements Pop3Effect {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.update(this);
    }
  }

  /** One method a case. */
  interface Visitor<T> {
    T logIn(LogIn logIn);

    T update(Update update);
  }
}
