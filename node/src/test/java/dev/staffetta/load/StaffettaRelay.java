package dev.staffetta.load;

import dev.staffetta.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The packaged product, one node, with routes to destinations. */
final class StaffettaRelay implements RelayServer {
  static final String ACCOUNT = "load@example.com";
  static final String PASSWORD = "secret-of-the-load";

  private final ServerProcess process;

  /** Starts it in an empty directory. */
  StaffettaRelay(Path directory, Destinations destinations, String javaOptions)
      throws IOException, InterruptedException {
    List<String> settings = new ArrayList<>();
    destinations
        .ports()
        .forEach(
            (domain, port) ->
                settings.add(
                    "staffetta.relay.routes.\"%s\" { host = \"127.0.0.1\", port = %d, tls = none }"
                        .formatted(domain, port)));
    settings.add("staffetta.accounts.submission.recipients-per-hour = 100000000");
    settings.add("staffetta.accounts.submission.recipients-per-day = 100000000");
    process = new ServerProcess(directory, "node1", settings, javaOptions);
    process.start();
    process.administer("", "domain", "add", "example.com");
    process.administer(PASSWORD + "\n", "account", "add", ACCOUNT, "--password-stdin");
  }

  ServerProcess process() {
    return process;
  }

  @Override
  public String name() {
    return "Staffetta";
  }

  @Override
  public int port() {
    return process.ports().submission();
  }

  @Override
  public boolean wantsLogin() {
    return true;
  }

  private Processes processes() {
    return new Processes(List.of(process.pid()));
  }

  @Override
  public long cpuMillis() throws IOException {
    return processes().cpuMillis();
  }

  @Override
  public long memoryBytes() throws IOException {
    return processes().proportionalBytes();
  }

  @Override
  public void close() throws InterruptedException {
    process.close();
  }
}
