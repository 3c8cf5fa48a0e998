package dev.staffetta.cli;

import dev.staffetta.admin.AdminToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
          + " a cluster it starts that one, with more nodes than it had if N is larger.",
      "Settings in DIR/staffetta.conf, if there is such a file, hold for every node."
    })
final class ClusterCommand implements Callable<Integer> {
  private static final int MOST_NODES = 5;
  private static final int NEW_NODES = 3;
  private static final Pattern NODE_DIRECTORY = Pattern.compile("node([1-9][0-9]*)");

  @Spec private CommandSpec spec;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description =
          "How many nodes, 1 to 5. Default: as many as DIR has, 3 on an empty one. Of three or more"
              + " any one may die.")
  private Optional<Integer> nodes = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where all data is kept. Default: ${DEFAULT-VALUE}.",
      defaultValue = "data")
  private Path data = Path.of("data");

  @Override
  public Integer call() throws Exception {
    Path directory = data.toAbsolutePath().normalize();
    int present = nodesIn(directory);
    int wanted = nodes.orElse(present == 0 ? NEW_NODES : present);
    if (wanted < 1 || wanted > MOST_NODES) {
      throw usage("--nodes is from 1 to " + MOST_NODES + ", not " + wanted);
    }
    if (wanted < present) {
      throw usage(
          directory
              + " has a cluster of "
              + present
              + " nodes, and --nodes "
              + wanted
              + " would leave some of them out; leave --nodes away, or take nodes out with"
              + " 'staffetta node remove' while it runs");
    }
    PrintWriter out = spec.commandLine().getOut();
    String token = prepare(directory, present == 0);
    LocalCluster cluster = new LocalCluster(directory, wanted, out);
    return new OrderlyEnd().run(() -> run(cluster, directory, token, out), cluster::close);
  }

  private static int run(LocalCluster cluster, Path directory, String token, PrintWriter out)
      throws CommandFailure {
    List<AdminClient> clients = cluster.start(token);
    new FirstAccounts(directory, out).createIfExpected(clients.get(0));
    cluster.superviseFromNowOn();
    cluster.sayWhenReplicated(clients.get(0));
    cluster.awaitEnd();
    return Staffetta.DONE;
  }

  /** Makes what the nodes share; returns the admin token. */
  private static String prepare(Path directory, boolean isNew) throws CommandFailure {
    try {
      if (isNew) {
        FirstAccounts.expect(directory);
      }
      return AdminToken.readOrCreate(directory.resolve("admin-token")).value();
    } catch (IOException e) {
      throw new CommandFailure("cannot use " + directory + ": " + e.getMessage(), e);
    }
  }

  /** The highest number of a node there; 0: none. */
  private static int nodesIn(Path directory) throws CommandFailure {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(entry -> NODE_DIRECTORY.matcher(entry.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
          .max()
          .orElse(0);
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + directory + ": " + e.getMessage(), e);
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
