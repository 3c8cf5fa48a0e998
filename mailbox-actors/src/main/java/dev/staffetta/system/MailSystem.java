package dev.staffetta.system;

import dev.staffetta.account.Account;
import dev.staffetta.account.AccountCommand;
import dev.staffetta.account.PasswordVerifier;
import dev.staffetta.account.ShardedAccounts;
import dev.staffetta.account.ShardedFolders;
import dev.staffetta.config.AccountSettings;
import dev.staffetta.config.DeliverySettings;
import dev.staffetta.config.MailboxSettings;
import dev.staffetta.config.RelaySettings;
import dev.staffetta.config.RelayTlsSettings;
import dev.staffetta.delivery.DeliveryReports;
import dev.staffetta.delivery.MailDeliveries;
import dev.staffetta.delivery.NodeSpool;
import dev.staffetta.domain.Domain;
import dev.staffetta.domain.DomainCommand;
import dev.staffetta.domain.DomainNames;
import dev.staffetta.domain.DomainNamesCommand;
import dev.staffetta.domain.DomainSignatures;
import dev.staffetta.domain.Recipients;
import dev.staffetta.domain.ShardedDirectory;
import dev.staffetta.mailbox.Mailbox;
import dev.staffetta.mailbox.MailboxCommand;
import dev.staffetta.mailbox.ShardedMailboxes;
import dev.staffetta.placement.Nodes;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Accounts;
import dev.staffetta.ports.Contents;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.Folders;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Queues;
import dev.staffetta.ports.Signatures;
import dev.staffetta.ports.Spool;
import dev.staffetta.relay.ShardedRelayQueues;
import dev.staffetta.relay.route.MxRoutes;
import dev.staffetta.relay.route.Routes;
import dev.staffetta.relay.tlsrpt.CountedTransport;
import dev.staffetta.relay.tlsrpt.TlsReporter;
import dev.staffetta.relay.tlsrpt.TlsResults;
import dev.staffetta.sharding.LeaderBoard;
import dev.staffetta.sharding.LostLetters;
import dev.staffetta.sharding.Place;
import dev.staffetta.sharding.Shards;
import dev.staffetta.smtp.client.MailTransport;
import dev.staffetta.smtp.client.SmtpTransport;
import dev.staffetta.store.Store;
import dev.staffetta.store.content.StoredContents;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.stream.Materializer;

/**
 * The entities on one node and the ports over them.
 *
 * <p>Before it starts, the actor system must be a member of a cluster (of one, it may have joined
 * itself), and the store be installed in it ({@code StoreExtension}).
 */
public final class MailSystem implements AutoCloseable {
  private final Accounts accounts;
  private final Folders folders;
  private final Mailboxes mailboxes;
  private final Contents contents;
  private final MailDeliveries deliveries;
  private final Directory directory;
  private final Spool spool;
  private final Signatures signatures;
  private final Queues queues;
  private final PasswordVerifier passwords;
  private final Nodes nodes;

  /**
   * The settings of what is started here.
   *
   * @param hostName of this node, as in its greetings
   */
  public record Settings(
      String hostName,
      AccountSettings accounts,
      MailboxSettings mailboxes,
      DeliverySettings delivery,
      RelaySettings relay) {}

  /** How mail leaves: what finds the way, what sends, and what time it is. */
  public record Outside(Routes routes, MailTransport transport, Clock clock) {}

  private MailSystem(
      ActorSystem<?> system,
      Settings settings,
      Store store,
      StoredContents contents,
      Path spoolDirectory,
      Outside outside,
      ShardedRelayQueues.Metering metering)
      throws IOException {
    Clock clock = Clock.systemUTC();
    Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    Shards.Patience patience =
        new Shards.Patience(
            settings.delivery().attempt(),
            settings.delivery().deadline(),
            settings.delivery().pause());
    Shards shards = new Shards(system, new StorePartitions(store), patience);
    LeaderBoard.of(system).start(system, store);
    this.spool = new NodeSpool(spoolDirectory, settings.delivery().spool(), blocking);
    this.passwords = new PasswordVerifier(settings.accounts().passwords());
    this.contents = contents;
    this.mailboxes =
        new ShardedMailboxes(system, shards, patience, contents, settings.mailboxes().renewAfter());
    this.folders = new ShardedFolders(shards);
    this.accounts = new ShardedAccounts(system, shards, patience, passwords, settings.accounts());
    Recipients recipients = new Recipients(shards);
    this.directory = new ShardedDirectory(shards, passwords, recipients);
    this.signatures = new DomainSignatures(shards, clock, Materializer.matFromSystem(system));
    this.deliveries =
        new MailDeliveries(
            recipients,
            mailboxes,
            Materializer.matFromSystem(system),
            clock,
            settings.delivery().parallel(),
            settings.delivery().forwardingKey(),
            new DeliveryReports.Settings(
                settings.hostName(),
                postmaster(settings.delivery()),
                settings.delivery().maxReturnedBytes()),
            metering.registry());
    system.systemActorOf(LostLetters.create(), "lost-letters", Props.empty());
    startEntities(settings, shards, store, clock);
    ShardedRelayQueues relay =
        ShardedRelayQueues.start(
            system,
            shards,
            store,
            contents,
            settings.relay(),
            new ShardedRelayQueues.Outside(
                outside.routes(), outside.transport(), deliveries.reports()),
            outside.clock(),
            new ShardedRelayQueues.HereOf() {
              @Override
              public <M> Place<M> of(EntityContext<M> entity) {
                return here(store, entity);
              }
            },
            metering);
    deliveries.relayThrough(relay);
    this.queues = relay.administration();
    this.nodes = Nodes.start(system, store, shards, spoolDirectory);
  }

  /**
   * Starts everything.
   *
   * @param contents of {@code store}
   * @param spoolDirectory is emptied
   * @param metering where is told what is done
   */
  public static MailSystem start(
      ActorSystem<?> system,
      Settings settings,
      Store store,
      StoredContents contents,
      Path spoolDirectory,
      ShardedRelayQueues.Metering metering)
      throws IOException {
    Optional<RelayTlsSettings.Report> report = settings.relay().tls().report();
    Clock clock = Clock.systemUTC();
    TlsResults results = report.isPresent() ? TlsResults.gathering(clock) : TlsResults.none();
    MxRoutes.OfNode way = MxRoutes.start(system, settings.relay(), settings.hostName(), results);
    MailTransport transport =
        new CountedTransport(
            new SmtpTransport(system, settings.hostName(), settings.relay().client()), results);
    MailSystem mail =
        start(
            system,
            settings,
            store,
            contents,
            spoolDirectory,
            new Outside(way.routes(), transport, clock),
            metering);
    report.ifPresent(
        to ->
            TlsReporter.start(
                system,
                new TlsReporter.Means(
                    to,
                    results,
                    way.reports(),
                    mail.deliveries(),
                    mail.signatures(),
                    transport,
                    spoolDirectory.resolveSibling("tls-results.json"),
                    clock)));
    return mail;
  }

  /** Starts everything, with another way out. */
  public static MailSystem start(
      ActorSystem<?> system,
      Settings settings,
      Store store,
      StoredContents contents,
      Path spoolDirectory,
      Outside outside,
      ShardedRelayQueues.Metering metering)
      throws IOException {
    return new MailSystem(system, settings, store, contents, spoolDirectory, outside, metering);
  }

  private void startEntities(Settings settings, Shards shards, Store store, Clock clock) {
    shards.start(
        ShardedMailboxes.TYPE,
        MailboxCommand.Signal.STOP,
        entity ->
            Mailbox.create(
                mailboxId(entity.getEntityId()),
                settings.mailboxes(),
                new Neighbours.OfMailbox(shards, here(store, entity))));
    shards.start(
        ShardedAccounts.TYPE,
        AccountCommand.Signal.STOP,
        entity ->
            Account.create(
                new AccountId(entity.getEntityId()),
                settings.accounts(),
                new Neighbours.OfAccount(shards, mailboxes, here(store, entity)),
                clock));
    shards.start(
        ShardedDirectory.DOMAINS,
        DomainCommand.Signal.STOP,
        entity ->
            Domain.create(
                entity.getEntityId(),
                settings.accounts(),
                postmaster(settings.delivery()),
                here(store, entity)));
    shards.start(
        ShardedDirectory.NAMES,
        DomainNamesCommand.Signal.STOP,
        entity -> DomainNames.create(here(store, entity)));
  }

  /** Its type and its id make an entity's persistence id. */
  private static <M> Place<M> here(Store store, EntityContext<M> entity) {
    return new Neighbours.Here<>(
        store, entity.getEntityTypeKey().name() + "|" + entity.getEntityId(), entity.getShard());
  }

  /** What {@link MailboxId#toString} wrote; a local part may have slashes of its own. */
  private static MailboxId mailboxId(String entityId) {
    int slash = entityId.lastIndexOf('/');
    return new MailboxId(
        new AccountId(entityId.substring(0, slash)), Long.parseLong(entityId.substring(slash + 1)));
  }

  private static Optional<MailAddress> postmaster(DeliverySettings settings) {
    return settings.postmaster().isEmpty()
        ? Optional.empty()
        : Optional.of(settings.postmaster())
            .map(AccountId::new)
            .map(account -> new MailAddress(account.localPart(), account.domain()));
  }

  public Accounts accounts() {
    return accounts;
  }

  public Folders folders() {
    return folders;
  }

  public Mailboxes mailboxes() {
    return mailboxes;
  }

  public Contents contents() {
    return contents;
  }

  public Deliveries deliveries() {
    return deliveries;
  }

  public Directory directory() {
    return directory;
  }

  public Spool spool() {
    return spool;
  }

  /** With the keys of the domains. */
  public Signatures signatures() {
    return signatures;
  }

  /** The mail that waits for other servers. */
  public Queues queues() {
    return queues;
  }

  /** The nodes of the cluster. */
  public Nodes nodes() {
    return nodes;
  }

  /** Stops what the actor system does not stop by itself. */
  @Override
  public void close() {
    passwords.close();
  }
}
