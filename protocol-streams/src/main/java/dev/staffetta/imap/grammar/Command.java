package dev.staffetta.imap.grammar;

import dev.staffetta.imap.SequenceSet;
import dev.staffetta.imap.fetch.FetchItem;
import dev.staffetta.imap.search.SearchKey;
import dev.staffetta.ports.Mailboxes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A command of an IMAP client, by the state of the session in which it may come (RFC 3501 3).
 * Mailbox names are Unicode, and INBOX is in upper case. APPEND, whose message streams, is not
 * among them: it is an {@link AppendStart}.
 */
public sealed interface Command {
  /** Calls the method of the visitor that is this command's. */
  void accept(CommandVisitor visitor);

  /** Valid in every state. */
  sealed interface Anytime extends Command {}

  /** Valid before the client has logged in. */
  sealed interface NotAuthenticated extends Command {}

  /** Valid once the client has logged in, with or without a mailbox selected. */
  sealed interface Authenticated extends Command {}

  /** Valid with a mailbox selected. */
  sealed interface Selected extends Command {}

  /** CAPABILITY (RFC 3501 6.1.1). */
  record Capability() implements Anytime {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.capability(this);
    }
  }

  /** NOOP (RFC 3501 6.1.2). */
  record Noop() implements Anytime {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.noop(this);
    }
  }

  /** LOGOUT (RFC 3501 6.1.3). */
  record Logout() implements Anytime {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.logout(this);
    }
  }

  /** ID (RFC 2971 3.1); what the client says of itself is not kept. */
  record Id() implements Anytime {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.id(this);
    }
  }

  /** STARTTLS (RFC 3501 6.2.1). */
  record StartTls() implements NotAuthenticated {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.startTls(this);
    }
  }

  /**
   * AUTHENTICATE (RFC 3501 6.2.2).
   *
   * @param mechanism in upper case
   * @param initialResponse as sent, in Base64 or {@code =} (RFC 4959 3)
   */
  record Authenticate(String mechanism, Optional<String> initialResponse)
      implements NotAuthenticated {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.authenticate(this);
    }
  }

  /** LOGIN (RFC 3501 6.2.3). */
  record Login(String user, String password) implements NotAuthenticated {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.login(this);
    }

    /** Without the password, which no log must show. */
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }

  /**
   * ENABLE (RFC 5161 3.1).
   *
   * @param capabilities in upper case
   */
  record Enable(List<String> capabilities) implements Authenticated {
    public Enable {
      capabilities = List.copyOf(capabilities);
    }

    @Override
    public void accept(CommandVisitor visitor) {
      visitor.enable(this);
    }
  }

  /** SELECT and EXAMINE (RFC 3501 6.3.1, 6.3.2). */
  record Select(String mailbox, Mailboxes.Access access) implements Authenticated {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.select(this);
    }
  }

  /**
   * CREATE (RFC 3501 6.3.3).
   *
   * @param mailbox a delimiter at its end is the client's hint that it will make inferiors
   * @param uses special-use attributes as sent, with the backslash (RFC 6154 3)
   */
  record Create(String mailbox, List<String> uses) implements Authenticated {
    public Create {
      uses = List.copyOf(uses);
    }

    @Override
    public void accept(CommandVisitor visitor) {
      visitor.create(this);
    }
  }

  /** DELETE (RFC 3501 6.3.4). */
  record Delete(String mailbox) implements Authenticated {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.delete(this);
    }
  }

  /** RENAME (RFC 3501 6.3.5). */
  record Rename(String from, String to) implements Authenticated {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.rename(this);
    }
  }

  /** SUBSCRIBE (RFC 3501 6.3.6). */
  record Subscribe(String mailbox) implements Authenticated {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.subscribe(this);
    }
  }

  /** UNSUBSCRIBE (RFC 3501 6.3.7). */
  record Unsubscribe(String mailbox) implements Authenticated {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.unsubscribe(this);
    }
  }

  /** LIST (RFC 3501 6.3.8, RFC 5258 3). */
  record ListMailboxes(ListRequest request) implements Authenticated {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.listMailboxes(this);
    }
  }

  /** LSUB (RFC 3501 6.3.9). */
  record ListSubscribed(String reference, String pattern) implements Authenticated {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.listSubscribed(this);
    }
  }

  /** STATUS (RFC 3501 6.3.10). */
  record Status(String mailbox, Set<StatusItem> items) implements Authenticated {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.status(this);
    }
  }

  /** NAMESPACE (RFC 2342 5). */
  record Namespace() implements Authenticated {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.namespace(this);
    }
  }

  /** IDLE (RFC 2177 3). */
  record Idle() implements Authenticated {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.idle(this);
    }
  }

  /** CHECK (RFC 3501 6.4.1). */
  record Check() implements Selected {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.check(this);
    }
  }

  /** CLOSE (RFC 3501 6.4.2). */
  record Close() implements Selected {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.close(this);
    }
  }

  /** UNSELECT (RFC 3691 2). */
  record Unselect() implements Selected {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.unselect(this);
    }
  }

  /** EXPUNGE (RFC 3501 6.4.3). */
  record Expunge() implements Selected {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.expunge(this);
    }
  }

  /** UID EXPUNGE (RFC 4315 2.1). */
  record UidExpunge(SequenceSet uids) implements Selected {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.uidExpunge(this);
    }
  }

  /** SEARCH and UID SEARCH (RFC 3501 6.4.4). */
  record Search(boolean byUid, SearchOptions options, SearchKey key) implements Selected {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.search(this);
    }
  }

  /** A SEARCH in a charset that is not known (RFC 3501 6.4.4, BADCHARSET). */
  record UnknownCharset() implements Selected {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.unknownCharset(this);
    }
  }

  /** FETCH and UID FETCH (RFC 3501 6.4.5). */
  record Fetch(boolean byUid, SequenceSet messages, List<FetchItem> items) implements Selected {
    public Fetch {
      items = List.copyOf(items);
    }

    @Override
    public void accept(CommandVisitor visitor) {
      visitor.fetch(this);
    }
  }

  /** STORE and UID STORE (RFC 3501 6.4.6). */
  record Store(
      boolean byUid,
      SequenceSet messages,
      Mailboxes.StoreMode mode,
      boolean silent,
      Set<String> flags)
      implements Selected {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.store(this);
    }
  }

  /** COPY and UID COPY (RFC 3501 6.4.7). */
  record Copy(boolean byUid, SequenceSet messages, String mailbox) implements Selected {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.copy(this);
    }
  }

  /** MOVE and UID MOVE (RFC 6851 3.1). */
  record Move(boolean byUid, SequenceSet messages, String mailbox) implements Selected {
    @Override
    public void accept(CommandVisitor visitor) {
      visitor.move(this);
    }
  }
}
