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
import java.util.concurrent.atomic.AtomicInteger;

/** Submits messages for destinations, each to one recipient. */
final class RelayLoad {
  private static final Duration REPLY_TIMEOUT = Duration.ofMinutes(1);
  private static final int MESSAGES_PER_SESSION = 100;

  private RelayLoad() {}

  /** Submits so many, by so many connections, each waiting for one answer before the next. */
  static SmtpLoad.Measured submit(
      RelayServer server, Destinations destinations, int messages, int connections, int bodyBytes)
      throws InterruptedException, ExecutionException {
    AtomicInteger next = new AtomicInteger();
    byte[] message = message(bodyBytes);
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      long start = System.nanoTime();
      List<Future<Latencies>> running = new ArrayList<>();
      for (int c = 0; c < connections; c++) {
        running.add(threads.submit(() -> send(server, destinations, messages, next, message)));
      }
      Latencies all = new Latencies();
      for (Future<Latencies> sender : running) {
        all.addAll(sender.get());
      }
      return new SmtpLoad.Measured(all, Duration.ofNanos(System.nanoTime() - start));
    } finally {
      threads.shutdownNow();
    }
  }

  private static Latencies send(
      RelayServer server,
      Destinations destinations,
      int messages,
      AtomicInteger next,
      byte[] message)
      throws IOException {
    Latencies latencies = new Latencies();
    for (int number = next.getAndIncrement(); number < messages; ) {
      try (SmtpClient smtp = new SmtpClient(server.port(), REPLY_TIMEOUT)) {
        if (server.wantsLogin()) {
          smtp.login(StaffettaRelay.ACCOUNT, StaffettaRelay.PASSWORD);
        }
        for (int i = 0; i < MESSAGES_PER_SESSION && number < messages; i++) {
          long before = System.nanoTime();
          smtp.send(StaffettaRelay.ACCOUNT, List.of(destinations.recipient(number)), message);
          latencies.add(System.nanoTime() - before);
          number = next.getAndIncrement();
        }
      }
    }
    return latencies;
  }

  private static byte[] message(int bodyBytes) {
    String ordinary = new String(SmtpLoad.message(bodyBytes), StandardCharsets.US_ASCII);
    return ordinary
        .replace("load@client.example.net", StaffettaRelay.ACCOUNT)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
