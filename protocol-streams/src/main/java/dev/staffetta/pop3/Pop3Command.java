package dev.staffetta.pop3;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A command of the client. Message numbers are as sent: at least 0, and {@link Integer#MAX_VALUE}
 * stands for all that are larger; whether there is such a message is for the session to say.
 */
sealed interface Pop3Command {
  /** What the command is; a new one cannot be forgotten. */
  <T> T accept(Visitor<T> visitor);

  /** CAPA (RFC 2449 5). */
  record Capa() implements Pop3Command {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.capa(this);
    }
  }

  /** USER (RFC 1939 7). */
  record User(String name) implements Pop3Command {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.user(this);
    }
  }

  /**
   * PASS (RFC 1939 7).
   *
   * @param password all that follows the first blank, blanks included
   */
  record Pass(String password) implements Pop3Command {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.pass(this);
    }

    /** Without the password: this may end in a log. */
    @Override
    public String toString() {
      return "Pass[…]";
    }
  }

  /**
   * AUTH (RFC 5034 4).
   *
   * @param mechanism upper-case
   * @param initialResponse as sent
   */
  record Auth(String mechanism, Optional<String> initialResponse) implements Pop3Command {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.auth(this);
    }

    /** Without the response: this may end in a log. */
    @Override
    public String toString() {
      return "Auth[" + mechanism + "]";
    }
  }

  /** STLS (RFC 2595 4). */
  record Stls() implements Pop3Command {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.stls(this);
    }
  }

  /** STAT (RFC 1939 5). */
  record Stat() implements Pop3Command {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.stat(this);
    }
  }

  /** LIST (RFC 1939 5); without a number: of every message. */
  record ListSizes(OptionalInt number) implements Pop3Command {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.list(this);
    }
  }

  /** UIDL (RFC 1939 7); without a number: of every message. */
  record Uidl(OptionalInt number) implements Pop3Command {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.uidl(this);
    }
  }

  /** RETR (RFC 1939 5). */
  record Retr(int number) implements Pop3Command {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.retr(this);
    }
  }

  /** TOP (RFC 1939 7). */
  record Top(int number, int bodyLines) implements Pop3Command {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.top(this);
    }
  }

  /** DELE (RFC 1939 5). */
  record Dele(int number) implements Pop3Command {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.dele(this);
    }
  }

  /** RSET (RFC 1939 5). */
  record Rset() implements Pop3Command {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.rset(this);
    }
  }

  /** NOOP (RFC 1939 5). */
  record Noop() implements Pop3Command {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.noop(this);
    }
  }

  /** QUIT (RFC 1939 4, RFC 1939 6). */
  record Quit() implements Pop3Command {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.quit(this);
    }
  }

  /**
   * No command at all, or one with arguments that it cannot have (RFC 1939 3).
   *
   * @param text what is wrong, for the client
   */
  record Malformed(String text) implements Pop3Command {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.malformed(this);
    }
  }

  /** One method a command. */
  interface Visitor<T> {
    T capa(Capa capa);

    T user(User user);

    T pass(Pass pass);

    T auth(Auth auth);

    T stls(Stls stls);

    T stat(Stat stat);

    T list(ListSizes list);

    T uidl(Uidl uidl);

    T retr(Retr retr);

    T top(Top top);

    T dele(Dele dele);

    T rset(Rset rset);

    T noop(Noop noop);

    T quit(Quit quit);

    T malformed(Malformed malformed);
  }
}
