package dev.staffetta.ports.memory;

import dev.staffetta.mime.MessageParser;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Accounts;
import dev.staffetta.ports.Contents;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.Folders;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.Spool;
import dev.staffetta.ports.SpooledMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.util.ByteString;

/**
 * All the mail there is, in memory, with every port to it. Thread-safe: one lock guards it all.
 *
 * <p>A call is carried out and answered on the executor; with {@code Runnable::run}, the default,
 * it is answered before it returns. Listeners hear of a change, on the same thread, before the
 * change is answered.
 */
public final class MemoryMail {
  final TreeSet<String> domains = new TreeSet<>();

  /** By address. */
  final TreeMap<String, MemoryAccount> accounts = new TreeMap<>();

  final Map<MailAddress, List<MailAddress>> aliases = new LinkedHashMap<>();

  private final Executor executor;
  private final Faults faults = new Faults();
  private final MemoryMailboxes mailboxes = new MemoryMailboxes(this);
  private final MemorySpool spool = new MemorySpool(this);
  private final MemoryDeliveries deliveries = new MemoryDeliveries(this);
  private final List<Subscription> told = new ArrayList<>();
  private volatile int chunkSize = 1024;

  /** Mail whose ports answer at once. */
  public MemoryMail() {
    this(Runnable::run);
  }

  /** Mail whose ports answer on an executor. */
  public MemoryMail(Executor executor) {
    this.executor = executor;
  }

  public Accounts accounts() {
    return new MemoryAccounts(this);
  }

  public Folders folders() {
    return new MemoryFolders(this);
  }

  public Mailboxes mailboxes() {
    return mailboxes;
  }

  public Contents contents() {
    return new MemoryContents(this);
  }

  public Spool spool() {
    return spool;
  }

  public Deliveries deliveries() {
    return deliveries;
  }

  public Directory directory() {
    return new MemoryDirectory(this);
  }

  /** What goes wrong with the next calls. */
  public Faults faults() {
    return faults;
  }

  /** Adds an account, and its domain where it is missing; with the folders every account has. */
  public AccountId addAccount(String address, String password) {
    AccountId id = new AccountId(address);
    locked(
        () -> {
          domains.add(id.domain());
          accounts.put(id.address(), newAccount(id, password));
        });
    return id;
  }

  /** Adds a message to an INBOX, received now; {@code text} is ISO 8859-1: a char a byte. */
  public long put(AccountId account, String text) {
    ByteString bytes = ByteString.fromString(text, StandardCharsets.ISO_8859_1);
    return put(MailboxId.inboxOf(account), bytes, Set.of(), Instant.now());
  }

  /**
   * Adds a message, as if another session did: listeners hear of it.
   *
   * @return its UID
   */
  public long put(MailboxId mailbox, ByteString bytes, Set<String> flags, Instant internalDate) {
    SpooledMessage message = spool.spooled(bytes);
    try {
      return fixture(() -> mailboxes.add(mailbox, message, flags, internalDate).uid());
    } finally {
      message.release();
    }
  }

  /** Gives a mailbox that is still empty the UIDVALIDITY and UIDNEXT that a script wants. */
  public void number(MailboxId mailbox, long uidValidity, long uidNext) {
    locked(() -> mailbox(mailbox).number(uidValidity, uidNext));
  }

  /** How a mailbox stands; met by no fault. */
  public MailboxView view(MailboxId mailbox) {
    return fixture(() -> mailbox(mailbox).view());
  }

  /** The mailbox of a folder's name. */
  public MailboxId folder(AccountId account, String name) {
    return fixture(
        () ->
            new FolderTree(account(account).folders, account(account).subscriptions)
                .mailbox(name)
                .orElseThrow(() -> new NoSuchElementException("no mailbox " + name)));
  }

  /** The bytes of a message. */
  public ByteString content(MailboxId mailbox, long uid) {
    return fixture(
        () -> {
          Message row =
              mailbox(mailbox)
                  .view()
                  .messages()
                  .find(uid)
                  .orElseThrow(() -> new NoSuchElementException("no UID " + uid));
          return account(mailbox.account()).contents.get(row.content()).bytes();
        });
  }

  /** Whether a POP3 session has the maildrop. */
  public boolean isMaildropLocked(AccountId account) {
    return fixture(() -> account(account).maildropLocked);
  }

  /** How many sessions have the mailbox open. */
  public int subscriptions(MailboxId mailbox) {
    return fixture(() -> mailbox(mailbox).subscriptions.size());
  }

  /** Tells all who have the mailbox open that they missed something, and how it stands now. */
  public void resynchronise(MailboxId mailbox) {
    fixture(
        () -> {
          MemoryMailbox it = mailbox(mailbox);
          it.tell(new MailboxEvent.Resynchronised(it.view()));
          return it;
        });
  }

  /** Whether mail for other domains is taken from now on. */
  public void relaying(boolean relaying) {
    deliveries.relaying = relaying;
  }

  /** The envelopes delivered so far. */
  public List<Envelope> delivered() {
    return fixture(() -> List.copyOf(deliveries.delivered));
  }

  /** Messages in the spool that nobody has discarded or released. */
  public int spooled() {
    return spool.held.get();
  }

  /** Contents are read in chunks of this many bytes (1024 unless said otherwise). */
  public void setChunkSize(int bytes) {
    chunkSize = bytes;
  }

  int chunkSize() {
    return chunkSize;
  }

  MemoryMailboxes memoryMailboxes() {
    return mailboxes;
  }

  /** To be called under the lock, like all that gives a mutable thing. */
  MemoryAccount account(AccountId id) {
    MemoryAccount found = accounts.get(id.address());
    if (found == null) {
      throw new Refusal(Refusal.Code.NONEXISTENT, "no account " + id);
    }
    return found;
  }

  MemoryMailbox mailbox(MailboxId id) {
    MemoryMailbox found = account(id.account()).mailboxes.get(id.number());
    if (found == null) {
      throw new Refusal(Refusal.Code.NONEXISTENT, "no mailbox " + id);
    }
    return found;
  }

  MessageSummary summarise(ByteString bytes) {
    return MessageParser.parse(bytes);
  }

  /** Carries a call out, unless a fault meets it, and answers it on the executor. */
  <T> CompletionStage<T> call(PortCall call, Supplier<T> work) {
    return faults.around(
        call,
        () -> {
          CompletableFuture<T> answer = new CompletableFuture<>();
          executor.execute(
              () -> {
                try {
                  answer.complete(fixture(work));
                } catch (RuntimeException e) {
                  answer.completeExceptionally(e);
                }
              });
          return answer;
        });
  }

  /** For a directory that adds an account itself. */
  MemoryAccount newAccount(AccountId id, String password) {
    return new MemoryAccount(id, password, told);
  }

  synchronized void locked(Runnable work) {
    work.run();
  }

  /** Does the work under the lock and then tells the listeners, whose calls may come back here. */
  private <T> T fixture(Supplier<T> work) {
    List<Subscription> listeners;
    T result;
    synchronized (this) {
      try {
        result = work.get();
      } finally {
        listeners = List.copyOf(told);
        told.clear();
      }
    }
    listeners.forEach(Subscription::drain);
    return result;
  }
}
