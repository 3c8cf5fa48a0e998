package dev.staffetta.cli;

import dev.staffetta.admin.AdminToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code staffetta cluster}: a whole cluster on this machine, in one terminal. */
@Command(
    name = "cluster",
    description = {
      "Runs a local cluster, a process a node, until Ctrl-C or SIGTERM.",
      "A node that dies is started again after a second. On an empty DIR it makes the domain"
          + " example.com with accounts alice and bob and prints their passwords; on a DIR that has"
          + " a cluster it starts that one.",
      "Settings in DIR/staffetta.conf, if there is such a file, hold for every node."
    })
final class ClusterCommand implements Callable<Integer> {
  private static final int MOST_NODES = 5;

  @Spec private CommandSpec spec;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description =
          "How many nodes. This version can run 1, which is the default; more will come and the"
              + " default will be 3 then.")
  private Optional<Integer> nodes = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where all data is kept. Default: ${DEFAULT-VALUE}.",
      defaultValue = "data")
  private Path data = Path.of("data");

  @Override
  public Integer call() throws Exception {
    int wanted = nodes.orElse(1);
    if (wanted < 1 || wanted > MOST_NODES) {
      throw usage("--nodes is from 1 to " + MOST_NODES + ", not " + wanted);
    }
    if (wanted > 1) {
      throw usage("this version runs a cluster of one node only; leave --nodes out");
    }
    Path directory = data.toAbsolutePath().normalize();
    PrintWriter out = spec.commandLine().getOut();
    String token = prepare(directory);
    LocalCluster cluster = new LocalCluster(directory, wanted, out);
    return new OrderlyEnd().run(() -> run(cluster, directory, token, out), cluster::close);
  }

  private static int run(LocalCluster cluster, Path directory, String token, PrintWriter out)
      throws CommandFailure {
    List<AdminClient> clients = cluster.start(token);
    new FirstAccounts(directory, out).createIfExpected(clients.get(0));
    cluster.awaitEnd();
    return Staffetta.DONE;
  }

  /** Makes what the nodes share; returns the admin token. */
  private static String prepare(Path directory) throws CommandFailure {
    try {
      if (!hasNodes(directory)) {
        FirstAccounts.expect(directory);
      }
      return AdminToken.readOrCreate(directory.resolve("admin-token")).value();
    } catch (IOException e) {
      throw new CommandFailure("cannot use " + directory + ": " + e.getMessage(), e);
    }
  }

  private static boolean hasNodes(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.anyMatch(entry -> entry.getFileName().toString().matches("node[0-9]+"));
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
