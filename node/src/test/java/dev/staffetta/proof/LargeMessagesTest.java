package dev.staffetta.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.config.Service;
import dev.staffetta.node.TestNode;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten large messages at once go through a node whose heap would not hold them.
 *
 * <p>With {@code -Dstaffetta.proof.large=50} they are of 50 MB, just under the limit; without it
 * smaller, so that a build need not wait, but still more together than the heap.
 */
class LargeMessagesTest {
  private static final int AT_ONCE = 10;
  private static final long MESSAGE_SIZE =
      (Long.getLong("staffetta.proof.large", 30) << 20) - (64 << 10);

  @Test
  void tenAtOnceGoThroughAHeapThatWouldNotHoldThem(@TempDir Path data) throws Exception {
    try (TestNode node = TestNode.start(data)) {
      IntStream.range(0, AT_ONCE).forEach(i -> node.addAccount(user(i), TestNode.PASSWORD));
    }
    try (ServerWithHeap server = ServerWithHeap.start(data, "256m")) {
      timed("SMTP", i -> send(server, i));
      timed("FETCH", i -> assertThat(fetched(server, i)).isEqualTo(message(i).digest()));
      timed("RETR", i -> assertThat(retrieved(server, i)).isEqualTo(message(i).digest()));
      assertThat(server.isAlive()).isTrue();
      assertThat(server.log())
          .noneMatch(line -> line.matches(".* ERROR .*|\\tat .*|.*OutOfMemory.*"));
      System.out.printf(
          "  with a heap of 256 MB the process has %d MB%n", server.memoryInMegabytes());
    }
  }

  private static void send(ServerWithHeap server, int i) throws Exception {
    try (SmtpSender smtp = new SmtpSender(server.port(Service.SMTP))) {
      smtp.begin(user(i));
      message(i).writeTo(smtp::octets);
      smtp.end();
    }
  }

  private static String fetched(ServerWithHeap server, int i) throws Exception {
    LargeMessage.Digest digest = new LargeMessage.Digest();
    try (ImapReader imap = new ImapReader(server.port(Service.IMAP), user(i), TestNode.PASSWORD)) {
      imap.command("SELECT INBOX");
      imap.fetch(
          1, "BODY[]", name -> name.equals("BODY[]") ? digest : OutputStream.nullOutputStream());
    }
    return digest.value();
  }

  private static String retrieved(ServerWithHeap server, int i) throws Exception {
    LargeMessage.Digest digest = new LargeMessage.Digest();
    try (Pop3Reader pop3 = new Pop3Reader(server.port(Service.POP3), user(i), TestNode.PASSWORD)) {
      pop3.retr(1, digest);
    }
    return digest.value();
  }

  private static LargeMessage message(int i) {
    return new LargeMessage(i, MESSAGE_SIZE);
  }

  private static String user(int i) {
    return "user" + i + "@example.com";
  }

  private interface Client {
    void run(int number) throws Exception;
  }

  /** Runs them all at once and says how long they took. */
  private static void timed(String what, Client client) throws Exception {
    Instant start = Instant.now();
    ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        int number = i;
        running.add(
            clients.submit(
                () -> {
                  client.run(number);
                  return number;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      clients.shutdownNow();
    }
    Duration took = Duration.between(start, Instant.now());
    System.out.printf(
        "  %s: %d messages of %d KB at once in %.1f s%n",
        what, AT_ONCE, MESSAGE_SIZE >> 10, took.toMillis() / 1000.0);
  }
}
