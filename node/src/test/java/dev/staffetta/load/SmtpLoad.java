package dev.staffetta.load;

import dev.staffetta.client.SmtpClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How many messages a second the server takes, each acknowledged before its connection sends the
 * next.
 */
final class SmtpLoad {
  private static final Duration REPLY_TIMEOUT = Duration.ofMinutes(1);

  /** What a run measured. */
  record Measured(Latencies latencies, Duration elapsed) {
    @Override
    public String toString() {
      return latencies.summary(elapsed);
    }
  }

  private SmtpLoad() {}

  /**
   * Runs for {@code duration}.
   *
   * @param connections how many senders at a time
   * @param accounts over how many accounts the messages are spread
   * @param bodyBytes size of a message's body
   */
  static Measured run(
      Target target, int connections, int accounts, int bodyBytes, Duration duration)
      throws InterruptedException, ExecutionException {
    byte[] message = message(bodyBytes);
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      long start = System.nanoTime();
      long end = start + duration.toNanos();
      List<Future<Latencies>> running = new ArrayList<>();
      for (int c = 0; c < connections; c++) {
        int first = c;
        running.add(threads.submit(() -> send(target, first, connections, accounts, message, end)));
      }
      Latencies all = new Latencies();
      for (Future<Latencies> sender : running) {
        all.addAll(sender.get());
      }
      return new Measured(all, Duration.ofNanos(System.nanoTime() - start));
    } finally {
      threads.shutdownNow();
    }
  }

  private static Latencies send(
      Target target, int first, int step, int accounts, byte[] message, long end)
      throws IOException {
    Latencies latencies = new Latencies();
    try (SmtpClient smtp = new SmtpClient(target.smtp(first), REPLY_TIMEOUT)) {
      for (int i = first; System.nanoTime() < end; i += step) {
        long before = System.nanoTime();
        smtp.send("load@client.example.net", List.of(target.accounts().get(i % accounts)), message);
        latencies.add(System.nanoTime() - before);
      }
    }
    return latencies;
  }

  /** An ordinary mail with a text body of this many bytes. */
  static byte[] message(int bodyBytes) {
    StringBuilder text = new StringBuilder(bodyBytes + 400);
    text.append(
            "From: Load <load@client.example.net>\r\nTo: somebody@example.com\r\nSubject: a message of the load\r\n")
        .append(
            "Date: Tue, 24 Nov 2026 12:00:00 +0000\r\nMessage-ID: <1@client.example.net>\r\nMIME-Version: 1.0\r\n")
        .append("Content-Type: text/plain; charset=utf-8\r\n\r\n");
    int start = text.length();
    while (text.length() - start < bodyBytes) {
      text.append("The quick brown fox jumps over the lazy dog, and the dog does not mind.\r\n");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
