package dev.staffetta.relay.tlsrpt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.staffetta.smtp.client.TlsPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Results in a file, so that a restart does not lose them. Blocks; one thread at a time. */
final class ResultsFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  ResultsFile(Path file) {
    this.file = file;
  }

  /** Replaces what is in the file: all of it is there afterwards, or all that was before. */
  void write(TlsResults kept) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("reporter", kept.reporter());
    ArrayNode nodes = root.putArray("results");
    kept.all()
        .forEach((day, results) -> results.forEach(result -> add(day, result, nodes.addObject())));
    Path written = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            written,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(root));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void add(LocalDate day, PolicyResults result, ObjectNode node) {
    node.put("day", day.toString());
    node.put("domain", result.policy().domain());
    node.put("type", result.policy().type().name());
    result.policy().lines().forEach(node.putArray("lines")::add);
    result.policy().mxHosts().forEach(node.putArray("mxHosts")::add);
    node.put("succeeded", result.succeeded());
    node.put("failed", result.failed());
    ArrayNode failures = node.putArray("failures");
    result
        .failures()
        .forEach(
            (failure, times) ->
                failures
                    .addObject()
                    .put("type", failure.type().name())
                    .put("mxHost", failure.mxHost())
                    .put("receivingIp", failure.receivingIp())
                    .put("sendingIp", failure.sendingIp())
                    .put("reason", failure.reason())
                    .put("times", times));
  }

  /**
   * Adds what is in the file, if there is one.
   *
   * @throws IOException if it cannot be read, or was not written by this class
   */
  void readInto(TlsResults results) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (!root.path("reporter").asText().matches("[0-9a-f]{8}")) {
        throw new IllegalArgumentException("no reporter");
      }
      Map<LocalDate, List<PolicyResults>> all = new TreeMap<>();
      for (JsonNode node : root.path("results")) {
        all.computeIfAbsent(LocalDate.parse(node.path("day").asText()), day -> new ArrayList<>())
            .add(result(node));
      }
      results.reporter(root.path("reporter").asText());
      all.forEach((day, ofDay) -> ofDay.forEach(result -> results.add(day, result)));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException("not results of TLS: " + file, e);
    }
  }

  private static PolicyResults result(JsonNode node) {
    Map<SessionFailure, Long> failures = new LinkedHashMap<>();
    for (JsonNode failure : node.path("failures")) {
      failures.put(
          new SessionFailure(
              ResultType.valueOf(failure.path("type").asText()),
              failure.path("mxHost").asText(),
              failure.path("receivingIp").asText(),
              failure.path("sendingIp").asText(),
              failure.path("reason").asText()),
          failure.path("times").asLong());
    }
    return new PolicyResults(
        new TlsPolicy(
            node.path("domain").asText(),
            TlsPolicy.Type.valueOf(node.path("type").asText()),
            texts(node.path("lines")),
            texts(node.path("mxHosts"))),
        node.path("succeeded").asLong(),
        node.path("failed").asLong(),
        failures);
  }

  private static List<String> texts(JsonNode nodes) {
    List<String> texts = new ArrayList<>();
    nodes.forEach(node -> texts.add(node.asText()));
    return texts;
  }
}
