package dev.staffetta.system;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.AccountSettings;
import dev.staffetta.config.DeliverySettings;
import dev.staffetta.config.MailboxSettings;
import dev.staffetta.config.RelaySettings;
import dev.staffetta.config.StoreSettings;
import dev.staffetta.journal.StoreExtension;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Spool;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.relay.ShardedRelayQueues;
import dev.staffetta.store.Store;
import dev.staffetta.store.Stores;
import dev.staffetta.store.content.StoredContents;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.util.ByteString;

/** A mail system with its store and a cluster of one, over a directory. */
public final class RunningMailSystem implements AutoCloseable {
  private static final String CHEAP_PASSWORDS =
      "accounts.passwords { memory = 64 KiB, passes = 1 }\n";

  /** So many destinations are counted by name. */
  public static final int BUSIEST_DESTINATIONS = 3;

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final Store store;
  private final ActorSystem<Void> system;
  private final MailSystem mail;

  /** Starts it, or starts it again over what it left. */
  public RunningMailSystem(Path directory, String... lines) {
    this(directory, Optional.empty(), lines);
  }

  /** With another way out. */
  public RunningMailSystem(Path directory, Optional<MailSystem.Outside> outside, String... lines) {
    Config staffetta =
        ConfigFactory.parseString(CHEAP_PASSWORDS + String.join("\n", lines))
            .withFallback(ConfigFactory.defaultReference().getConfig("staffetta"))
            .resolve();
    StoreSettings storeSettings = Stores.settings();
    this.store = Stores.at(directory.resolve("store")).open();
    this.system =
        ActorSystem.create(
            Behaviors.empty(),
            "staffetta",
            ConfigFactory.parseString(
                    """
                    pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    pekko.cluster.jmx.enabled = off
                    pekko.loglevel = WARNING
                    pekko.coordinated-shutdown.exit-jvm = off
                    pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                    """)
                .withFallback(ConfigFactory.load()));
    StoreExtension.of(system).install(store, storeSettings);
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    try {
      MailSystem.Settings settings =
          new MailSystem.Settings(
              "mx.example.com",
              AccountSettings.from(staffetta.getConfig("accounts")),
              MailboxSettings.from(staffetta.getConfig("mailboxes")),
              DeliverySettings.from(staffetta.getConfig("delivery")),
              RelaySettings.from(staffetta.getConfig("relay")));
      StoredContents contents =
          new StoredContents(store, storeSettings.contents(), Materializer.matFromSystem(system));
      Path spool = directory.resolve("spool");
      ShardedRelayQueues.Metering metering =
          new ShardedRelayQueues.Metering(meters, BUSIEST_DESTINATIONS);
      this.mail =
          outside.isPresent()
              ? MailSystem.start(system, settings, store, contents, spool, outside.get(), metering)
              : MailSystem.start(system, settings, store, contents, spool, metering);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it has done. */
  public MeterRegistry meters() {
    return meters;
  }

  public MailSystem mail() {
    return mail;
  }

  public ActorSystem<Void> system() {
    return system;
  }

  public Store store() {
    return store;
  }

  /** Makes an account, and its domain if need be. */
  public AccountId account(String address) {
    AccountId account = new AccountId(address);
    mail.directory()
        .addDomain(account.domain())
        .toCompletableFuture()
        .exceptionally(e -> null)
        .join();
    await(mail.directory().addAccount(account, "secret of " + address));
    return account;
  }

  /** Puts a text into the spool. */
  public SpooledMessage message(String text) {
    Spool.Writer writer = mail.spool().open();
    await(writer.append(ByteString.fromString(text, StandardCharsets.UTF_8)));
    return await(writer.finish());
  }

  public Mailboxes.Appended append(MailboxId mailbox, String text, String... flags) {
    return await(
        mail.mailboxes()
            .append(mailbox, message(text), Set.of(flags), Instant.ofEpochSecond(1_700_000_000)));
  }

  /** Waits for a stage, at most a minute. */
  public static <T> T await(CompletionStage<T> stage) {
    return Stores.await(stage);
  }

  @Override
  public void close() {
    mail.close();
    system.terminate();
    try {
      system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the actor system did not stop", e);
    }
    store.close();
  }

  /** How long tests wait for what happens by itself. */
  public static Duration patience() {
    return Duration.ofSeconds(20);
  }
}
