package dev.staffetta.imap;

import dev.staffetta.config.ImapSettings;
import dev.staffetta.imap.search.MessageSearch;
import dev.staffetta.imap.search.SearchRequest;
import dev.staffetta.imap.session.Effect;
import dev.staffetta.imap.session.Input;
import dev.staffetta.imap.session.Surroundings;
import dev.staffetta.ports.Accounts;
import dev.staffetta.ports.Folders;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.OpenMailbox;
import dev.staffetta.ports.Spool;
import dev.staffetta.ports.UidSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What one connection's effects are carried out with. Mutable; used on the connection's stage but
 * where said otherwise.
 */
final class ImapSurroundings implements Surroundings {
  private final ImapSettings settings;
  private final ImapPorts ports;
  private final MessageSearch search;
  private final TakenReplies taken;
  private final Map<Long, MailboxFollower> followers = new HashMap<>();
  private Consumer<Input> events = input -> {};

  /** The message that comes in, until it is on its way into a mailbox. */
  private Optional<Spool.Writer> message = Optional.empty();

  /** Read by whoever answers an opening. */
  private volatile boolean isClosed;

  ImapSurroundings(
      ImapSettings settings, ImapPorts ports, MessageSearch search, TakenReplies taken) {
    this.settings = settings;
    this.ports = ports;
    this.search = search;
    this.taken = taken;
  }

  /** Where inputs go that nobody waits for. */
  void events(Consumer<Input> newEvents) {
    events = newEvents;
  }

  @Override
  public Accounts accounts() {
    return ports.accounts();
  }

  @Override
  public Folders folders() {
    return ports.folders();
  }

  @Override
  public Mailboxes mailboxes() {
    return ports.mailboxes();
  }

  @Override
  public CompletionStage<OpenMailbox> open(
      MailboxId mailbox, Mailboxes.Access access, long subscription) {
    MailboxFollower follower =
        new MailboxFollower(subscription, mailbox, ports.mailboxes(), events);
    // Only one is followed at a time.
    followers.clear();
    followers.put(subscription, follower);
    return ports
        .mailboxes()
        .open(mailbox, access, follower::on)
        .thenApply(
            open -> {
              follower.opened(open);
              if (isClosed) {
                open.close();
              }
              return open;
            });
  }

  @Override
  public Spool.Writer startMessage() {
    Spool.Writer writer = ports.spool().open();
    message = Optional.of(writer);
    return writer;
  }

  @Override
  public void placing(Spool.Writer writer) {
    message = Optional.empty();
  }

  @Override
  public CompletionStage<UidSet> search(SearchRequest request) {
    return search.search(request);
  }

  @Override
  public CompletionStage<MailboxView> viewAt(long subscription, long modseq) {
    return followers.get(subscription).at(modseq, settings.viewTimeout());
  }

  @Override
  public CompletionStage<Effect.Taken> taken(long ticket) {
    CompletionStage<Effect.Taken> outcome = taken.of(ticket);
    taken.forget(ticket);
    return outcome;
  }

  /** The connection is gone. */
  void close() {
    isClosed = true;
    message.ifPresent(Spool.Writer::discard);
    search.close();
  }
}
