package dev.staffetta.pop3;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Refusal;

/** What comes to a session: frames of the client, answers of effects, events of the connection. */
sealed interface Pop3Input
    permits Pop3Frame,
        Pop3Input.LoggedIn,
        Pop3Input.LoginRefused,
        Pop3Input.Updated,
        Pop3Input.UpdateRefused,
        Pop3Input.TimedOut,
        Pop3Input.Shutdown {
  /** What the input is; a new one cannot be forgotten. */
  <T> T accept(Visitor<T> visitor);

  /** The password was right and the maildrop is locked: this is how it stands. */
  record LoggedIn(AccountId account, MailboxView inbox) implements Pop3Input {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.loggedIn(this);
    }
  }

  /** No login; the maildrop is not locked. */
  record LoginRefused(Refusal refusal) implements Pop3Input {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.loginRefused(this);
    }
  }

  /** The messages marked as deleted are gone for ever, and the maildrop is unlocked. */
  record Updated() implements Pop3Input {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.updated(this);
    }
  }

  /** Nobody can say whether the messages are gone; the maildrop is unlocked. */
  record UpdateRefused(Refusal refusal) implements Pop3Input {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.updateRefused(this);
    }
  }

  /** The client said nothing for as long as it may. */
  record TimedOut() implements Pop3Input {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.timedOut(this);
    }
  }

  /** The server stops. */
  record Shutdown() implements Pop3Input {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.shutdown(this);
    }
  }

  /** One method a case. */
  interface Visitor<T> {
    T line(Pop3Frame.Line line);

    T tooLong(Pop3Frame.TooLong tooLong);

    T loggedIn(LoggedIn loggedIn);

    T loginRefused(LoginRefused refused);

    T updated(Updated updated);

    T updateRefused(UpdateRefused refused);

    T timedOut(TimedOut timedOut);

    T shutdown(Shutdown shutdown);
  }
}
