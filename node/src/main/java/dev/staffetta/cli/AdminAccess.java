package dev.staffetta.cli;

import dev.staffetta.node.NodeDirectory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which cluster a command administers. */
final class AdminAccess {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Data directory of the cluster on this machine; its token and ports are read from it."
              + " Default: ${DEFAULT-VALUE}.",
      defaultValue = "data")
  private Path data = Path.of("data");

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Admin API of any node, such as http://127.0.0.1:10080, instead of --data.")
  private Optional<URI> url = Optional.empty();

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "Token of the admin API, for --url. Without it: the environment variable"
              + " STAFFETTA_TOKEN, else the file admin-token in the data directory.")
  private Optional<String> token = Optional.empty();

  /** A client of the first node that takes mail; if there is none, of the first that answers. */
  AdminClient client() throws CommandFailure {
    if (url.isPresent()) {
      String scheme = String.valueOf(url.get().getScheme());
      if (!scheme.equals("http") && !scheme.equals("https")) {
        throw new ParameterException(
            command.commandLine(), "--url must start with http:// or https://, not " + url.get());
      }
      return new AdminClient(url.get(), token());
    }
    List<URI> running = runningNodes(data);
    if (running.isEmpty()) {
      throw new CommandFailure(
          "no node runs on "
              + data.toAbsolutePath().normalize()
              + "; start one ('staffetta cluster' or 'staffetta serve') or name another with"
              + " --data or --url");
    }
    String known = token();
    List<AdminClient> clients = running.stream().map(node -> new AdminClient(node, known)).toList();
    for (AdminClient client : clients) {
      if (client.isReady()) {
        return client;
      }
    }
    // One that waits for its cluster can at least say so.
    for (AdminClient client : clients) {
      if (client.isAlive()) {
        return client;
      }
    }
    throw new CommandFailure(
        "no answer from the admin API at "
            + running.get(0)
            + "; look at 'node.log' in the node's directory below "
            + data.toAbsolutePath().normalize());
  }

  private String token() throws CommandFailure {
    if (token.isPresent()) {
      return token.get();
    }
    String ofEnvironment = System.getenv("STAFFETTA_TOKEN");
    if (ofEnvironment != null && !ofEnvironment.isBlank()) {
      return ofEnvironment;
    }
    Path file = data.resolve("admin-token");
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      throw new CommandFailure(
          "no token: " + file + " does not exist; give --data, --token or STAFFETTA_TOKEN", e);
    } catch (IOException e) {
      throw new CommandFailure("cannot read the token in " + file + ": " + e.getMessage(), e);
    }
  }

  /** Where the nodes that run on a data directory say that they listen. */
  static List<URI> runningNodes(Path data) throws CommandFailure {
    if (!Files.isDirectory(data)) {
      return List.of();
    }
    try (Stream<Path> nodes = Files.list(data)) {
      List<URI> urls = new ArrayList<>();
      for (Path node : nodes.sorted().toList()) {
        Path file = node.resolve(NodeDirectory.ADMIN_URL);
        if (Files.isRegularFile(file)) {
          urls.add(URI.create(Files.readString(file).strip()));
        }
      }
      return urls;
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure("cannot read the data directory " + data + ": " + e.getMessage(), e);
    }
  }
}
