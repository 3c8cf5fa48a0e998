package dev.staffetta.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Another server: final for {@code peer.example} and {@code far.example}, of which it knows {@code
 * carol} only; takes mail for {@code gone.example} and finds then that it cannot be delivered;
 * sends mail for {@code example.com} to the node. TLS both ways.
 */
interface Peer extends AutoCloseable {
  /** Where it listens on 127.0.0.1. */
  int port();

  /** Where the mail of its domains lies, a file a message or several in one. */
  Path mail();

  Path log();

  @Override
  void close() throws IOException, InterruptedException;

  /** All that it has delivered. */
  default List<String> delivered() {
    try (Stream<Path> files = Files.walk(mail())) {
      return files.filter(Files::isRegularFile).map(Peer::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command; a daemon keeps what it was given for its output, so that is a file. */
  static void run(Path directory, String... command) throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + Files.readString(output));
    }
  }

  /** A certificate for itself, {@code cert.pem} and {@code key.pem}. */
  static void certificate(Path directory, String name) throws IOException, InterruptedException {
    run(
        directory,
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=" + name,
        "-addext",
        "subjectAltName=DNS:" + name,
        "-keyout",
        directory.resolve("key.pem").toString(),
        "-out",
        directory.resolve("cert.pem").toString());
  }

  /** Whether a command is installed, and may be started as it has to be: by root. */
  static boolean isThere(String command) {
    boolean isRoot = ProcessHandle.current().info().user().filter("root"::equals).isPresent();
    return isRoot && Stream.of(command, "openssl", "python3").allMatch(c -> find(c).isPresent());
  }

  /** Where a command is installed; empty: nowhere. */
  static Optional<Path> find(String command) {
    return Stream.concat(
            Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)),
            Stream.of("/usr/sbin"))
        .map(directory -> Path.of(directory, command))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
