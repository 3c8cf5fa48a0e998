package dev.staffetta.imap.session;

import dev.staffetta.imap.search.SearchRequest;
import dev.staffetta.ports.Accounts;
import dev.staffetta.ports.Folders;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.Spool;
import dev.staffetta.ports.UidSet;
import java.util.concurrent.CompletionStage;

/** What an {@link Effect} is carried out with: the ports, and the session's connection. */
public interface Surroundings {
  Accounts accounts();

  Folders folders();

  Mailboxes mailboxes();

  /** Opens a mailbox whose events become the session's inputs. */
  CompletionStage<OpenMailbox> open(MailboxId mailbox, Mailboxes.Access access, long subscription);

  /** Starts a message, which is discarded if the connection ends before it is placed. */
  Spool.Writer startMessage();

  /** The message is whole; whoever places it frees it. */
  void placing(Spool.Writer message);

  /** Searches; stops when the connection ends. */
  CompletionStage<UidSet> search(SearchRequest request);

  /** How a mailbox stands once the events of a subscription got to a modseq, or time is up. */
  CompletionStage<MailboxView> viewAt(long subscription, long modseq);

  /** What became of the reply with a ticket. */
  CompletionStage<Effect.Taken> taken(long ticket);
}
