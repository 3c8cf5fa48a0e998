package dev.staffetta.nemesis.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.staffetta.admin.Json;
import dev.staffetta.nemesis.load.NodeAddress;
import dev.staffetta.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/** Nodes as processes of the packaged product, on loopback, with relays between them. */
public final class Cluster implements AutoCloseable {
  /** Several nodes share this machine, and none lives long enough for the optimising compiler. */
  public static final String JAVA_OPTIONS = "-Xmx512m -XX:TieredStopAtLevel=1";

  /** As many as may ever be in it. */
  private static final int MOST_NODES = 5;

  private static final int SEEDS = 3;
  private static final int DISK_MEBIBYTES = 1_024;
  private static final int REFUSE_BELOW_MEBIBYTES = 320;
  private static final int STOP_BELOW_MEBIBYTES = 160;

  private final Path directory;
  private final String javaOptions;
  private final boolean hasSmallDisks;
  private final List<String> furtherSettings;
  private final Links links = new Links();
  private final List<Integer> actorPorts;
  private final List<Integer> raftPorts;
  private final Map<Integer, ServerProcess> processes = new TreeMap<>();
  private final Map<Integer, SmallDisk> disks = new LinkedHashMap<>();
  private final Thread atExit = new Thread(this::clearAway);
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  /**
   * @param directory of all nodes' data, absolute, empty
   * @param javaOptions of every node
   * @param wantsSmallDisks whether each node's data is to lie on a small file system of its own,
   *     where this process may make one
   */
  public Cluster(Path directory, String javaOptions, boolean wantsSmallDisks)
      throws IOException, InterruptedException {
    this(directory, javaOptions, wantsSmallDisks, List.of());
  }

  /** One whose nodes have further settings, the same for all. */
  public Cluster(
      Path directory, String javaOptions, boolean wantsSmallDisks, List<String> furtherSettings)
      throws IOException, InterruptedException {
    this.furtherSettings = List.copyOf(furtherSettings);
    this.directory = Files.createDirectories(directory);
    this.javaOptions = javaOptions;
    this.hasSmallDisks = wantsSmallDisks && SmallDisk.isPossible(directory);
    Runtime.getRuntime().addShutdownHook(atExit);
    List<Integer> ports = ServerProcess.freePorts(2 * MOST_NODES);
    this.actorPorts = ports.subList(0, MOST_NODES);
    this.raftPorts = ports.subList(MOST_NODES, 2 * MOST_NODES);
    for (int from = 1; from <= MOST_NODES; from++) {
      StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n");
      for (int to = 1; to <= MOST_NODES; to++) {
        hosts.append(Links.address(from, to).getHostAddress()).append(" node" + to + "\n");
        if (from != to) {
          links.lay(from, to, actorPorts.get(to - 1));
          links.lay(from, to, raftPorts.get(to - 1));
        }
      }
      Files.writeString(hosts(from), hosts);
    }
  }

  private Path hosts(int number) {
    return directory.resolve("node" + number + ".hosts");
  }

  /** Starts nodes that were not there before, at the same time, and waits until they greet. */
  public void add(int... numbers) throws IOException, InterruptedException {
    for (int number : numbers) {
      if (hasSmallDisks) {
        disks.put(number, SmallDisk.mount(directory.resolve("node" + number), DISK_MEBIBYTES));
      }
      ServerProcess process =
          new ServerProcess(
              directory,
              "node" + number,
              settings(number),
              javaOptions + " -Djdk.net.hosts.file=" + hosts(number));
      processes.put(number, process);
      process.launch();
    }
    for (int number : numbers) {
      processes.get(number).awaitGreeting();
    }
  }

  private List<String> settings(int number) {
    List<String> settings = new ArrayList<>(furtherSettings);
    List<String> seeds = new ArrayList<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      seeds.add("\"node" + seed + ":" + actorPorts.get(seed - 1) + "\"");
    }
    settings.add("staffetta.node.host-name = mail.example.com");
    settings.add("staffetta.cluster.seed-nodes = [" + String.join(", ", seeds) + "]");
    settings.add("staffetta.cluster.allow-plaintext = true");
    settings.add("staffetta.cluster.actors.host = node" + number);
    settings.add("staffetta.cluster.actors.port = " + actorPorts.get(number - 1));
    settings.add("staffetta.store.raft.host = node" + number);
    settings.add("staffetta.store.raft.port = " + raftPorts.get(number - 1));
    // So small that logs are cut in every round, and who was away needs a snapshot.
    settings.add("staffetta.store.raft.segment-bytes = 2M");
    settings.add("staffetta.store.raft.cut-after-bytes = 4M");
    if (hasSmallDisks) {
      settings.add("staffetta.store.disk.refuse-below-bytes = " + REFUSE_BELOW_MEBIBYTES + "M");
      settings.add("staffetta.store.disk.stop-below-bytes = " + STOP_BELOW_MEBIBYTES + "M");
    }
    return settings;
  }

  public boolean hasSmallDisks() {
    return hasSmallDisks;
  }

  public Path directory() {
    return directory;
  }

  /** The numbers of its nodes, ascending. */
  public List<Integer> numbers() {
    return List.copyOf(processes.keySet());
  }

  public List<NodeAddress> addresses() {
    return processes.values().stream().map(p -> new NodeAddress(p.name(), p.ports())).toList();
  }

  public ServerProcess process(int number) {
    return processes.get(number);
  }

  /** Kills it and forgets it; its data stays. */
  public void remove(int number) throws InterruptedException {
    processes.remove(number).close();
  }

  /** Cuts every way between the two groups, in both directions or in the first only. */
  void cut(List<Integer> some, List<Integer> others, boolean bothWays) {
    for (int a : some) {
      for (int b : others) {
        cut(a, b, actorPorts);
        cut(a, b, raftPorts);
        if (bothWays) {
          cut(b, a, actorPorts);
          cut(b, a, raftPorts);
        }
      }
    }
  }

  private void cut(int from, int to, List<Integer> ports) {
    // Who connected to whom does not matter.
    links.cut(from, to, ports.get(to - 1));
    links.cut(from, to, ports.get(from - 1));
  }

  /** Cuts a node's actors off from all others'; its replicas and theirs go on together. */
  public void cutActors(int number) {
    for (int other : numbers()) {
      if (other != number) {
        cut(number, other, actorPorts);
        cut(other, number, actorPorts);
      }
    }
  }

  /**
   * From now on what a node's replicas ask those of another does not arrive, so it cannot lead with
   * that one's help; it still answers what it is asked.
   */
  public void cutRequests(int from, int to) {
    links.cut(from, to, raftPorts.get(to - 1));
  }

  /**
   * All ways are open again.
   *
   * @param forgets whether what is on its way is lost
   */
  public void healLinks(boolean forgets) {
    links.heal(forgets);
  }

  /** Fills a node's disk so far that it refuses mail, or so far that it stops. */
  void fillDisk(int number, boolean untilItStops) throws IOException {
    disks.get(number).fill((untilItStops ? STOP_BELOW_MEBIBYTES : REFUSE_BELOW_MEBIBYTES) * 3 / 4);
  }

  void clearDisk(int number) throws IOException {
    disks.get(number).clear();
  }

  /**
   * Runs a command of administration by node 1, as an administrator does: again, when it does not
   * work while leaderships are evened out.
   *
   * @param limit how long it may take to work
   * @param out is told of what was in vain
   * @return what it printed
   */
  public String administer(Duration limit, Consumer<String> out, String input, String... arguments)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      try {
        return process(1).administer(input, arguments);
      } catch (IOException notNow) {
        if (System.nanoTime() > deadline) {
          throw notNow;
        }
        out.accept(notNow.getMessage().strip());
      }
    }
  }

  /** Who leads each partition, by a node that knows; empty while none does or none answers. */
  public Map<Integer, Integer> leaders() throws InterruptedException {
    Map<Integer, Integer> leaders = new TreeMap<>();
    for (JsonNode partition : partitions()) {
      String leader = partition.path("leader").asText();
      if (leader.startsWith("node")) {
        leaders.put(partition.path("number").asInt(), Integer.valueOf(leader.substring(4)));
      }
    }
    return leaders;
  }

  /** Which nodes have a replica of each partition, by a node that knows. */
  public Map<Integer, List<String>> members() throws InterruptedException {
    Map<Integer, List<String>> members = new TreeMap<>();
    for (JsonNode partition : partitions()) {
      List<String> names = new ArrayList<>();
      partition.path("replicas").forEach(replica -> names.add(replica.path("node").asText()));
      members.put(partition.path("number").asInt(), names);
    }
    return members;
  }

  /**
   * The partitions that a node itself says it leads, at the moment when it is asked; it tells when
   * it has also waited for what others say.
   */
  public CompletableFuture<Set<Integer>> ledInItsOwnView(int number) throws IOException {
    return http.sendAsync(statusRequest(processes.get(number)), BodyHandlers.ofString())
        .thenApply(
            answer -> {
              Set<Integer> led = new TreeSet<>();
              for (JsonNode partition :
                  Json.read(answer.body(), JsonNode.class).path("partitions")) {
                if (partition.path("leader").asText().equals("node" + number)) {
                  led.add(partition.path("number").asInt());
                }
              }
              return led;
            });
  }

  /** Whether each partition has a leader, and a whole replica on each of its nodes. */
  public boolean isWhole() throws InterruptedException {
    List<JsonNode> partitions = partitions();
    return !partitions.isEmpty()
        && partitions.stream()
            .allMatch(
                partition ->
                    partition.path("state").asText().equals("ready")
                        && StreamSupport.stream(partition.path("replicas").spliterator(), false)
                            .allMatch(r -> r.path("state").asText().equals("ready")));
  }

  private List<JsonNode> partitions() throws InterruptedException {
    for (ServerProcess process : processes.values()) {
      List<JsonNode> partitions = new ArrayList<>();
      status(process).ifPresent(status -> status.path("partitions").forEach(partitions::add));
      if (partitions.stream().anyMatch(p -> p.path("leader").asText().startsWith("node"))) {
        return partitions;
      }
    }
    return List.of();
  }

  /** What the admin API of a node says of the cluster. */
  private Optional<JsonNode> status(ServerProcess process) throws InterruptedException {
    try {
      String body = http.send(statusRequest(process), BodyHandlers.ofString()).body();
      return Optional.of(Json.read(body, JsonNode.class));
    } catch (IOException | IllegalArgumentException noAnswer) {
      return Optional.empty();
    }
  }

  private static HttpRequest statusRequest(ServerProcess process) throws IOException {
    return HttpRequest.newBuilder(URI.create(url(process) + "/v1/status"))
        .header("Authorization", "Bearer " + process.adminToken())
        .timeout(Duration.ofSeconds(10))
        .build();
  }

  /** Waits until every node says that it is ready; the names of those that do not in that time. */
  public List<String> awaitReady(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    List<ServerProcess> waiting = new ArrayList<>(processes.values());
    waiting.sort(Comparator.comparing(ServerProcess::name));
    while (!waiting.isEmpty() && System.nanoTime() < deadline) {
      List<ServerProcess> ready = new ArrayList<>();
      for (ServerProcess process : waiting) {
        if (isReady(process)) {
          ready.add(process);
        }
      }
      waiting.removeAll(ready);
      Thread.sleep(100);
    }
    return waiting.stream().map(ServerProcess::name).toList();
  }

  private boolean isReady(ServerProcess process) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url(process) + "/ready"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static String url(ServerProcess process) {
    return "http://127.0.0.1:" + process.ports().admin();
  }

  /** Leaves nothing behind when this process is told to end amid. */
  private void clearAway() {
    try {
      for (ServerProcess process : processes.values()) {
        process.close();
      }
      for (SmallDisk disk : disks.values()) {
        disk.close();
      }
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    Runtime.getRuntime().removeShutdownHook(atExit);
    for (ServerProcess process : processes.values()) {
      process.close();
    }
    links.close();
    for (SmallDisk disk : disks.values()) {
      disk.close();
    }
  }
}
