package dev.staffetta.node;

import dev.staffetta.config.InvalidSettingsException;
import dev.staffetta.config.Service;
import dev.staffetta.config.Settings;
import dev.staffetta.config.SettingsLoader;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Directory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * A whole node in the process of a test: real store, actors, listeners, on ports that the system
 * chooses. It starts with the domain {@link #DOMAIN} and the account {@link #ALICE}.
 */
public final class TestNode implements AutoCloseable {
  public static final String DOMAIN = "example.com";
  public static final String ALICE = "alice@example.com";
  public static final String PASSWORD = "correct-horse-battery";

  private final Node node;

  private TestNode(Node node) {
    this.node = node;
  }

  /** A node over a new or used directory. */
  public static TestNode start(Path data) throws StartFailure {
    return start(data, "");
  }

  /**
   * A node over a new or used directory.
   *
   * @param more settings in HOCON that count after the fixture's own
   */
  public static TestNode start(Path data, String more) throws StartFailure {
    TestNode started = new TestNode(Node.start(settings(data, more)));
    if (!started.node.isNew()) {
      return started;
    }
    await(started.directory().addDomain(DOMAIN));
    started.addAccount(ALICE, PASSWORD);
    return started;
  }

  /** A node that somebody else has started. */
  static TestNode of(Node node) {
    return new TestNode(node);
  }

  /** Settings of a node with free ports. */
  static Settings settings(Path data, String more) {
    String ports =
        Arrays.stream(Service.values())
            .map(s -> "staffetta.listeners." + s.key() + " { address = 127.0.0.1, port = 0 }\n")
            .collect(Collectors.joining());
    try {
      return SettingsLoader.parse(
          "staffetta.node.data-directory = \""
              + data
              + "\"\nstaffetta.node.host-name = mail.example.com\nstaffetta.admin.port = 0\n"
              + ports
              + more);
    } catch (InvalidSettingsException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  public void addAccount(String address, String password) {
    await(directory().addAccount(new AccountId(address), password));
  }

  /** Domains, accounts, aliases. */
  public Directory directory() {
    return node.directory();
  }

  /** Where a service listens on 127.0.0.1. */
  public int port(Service service) {
    return node.listeners().stream()
        .filter(listener -> listener.service() == service)
        .findFirst()
        .orElseThrow()
        .address()
        .getPort();
  }

  /** The node itself. */
  public Node node() {
    return node;
  }

  @Override
  public void close() {
    node.stop();
  }

  /** Waits for an answer as long as a slow machine may need. */
  public static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("no answer in a minute", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
