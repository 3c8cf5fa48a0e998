package dev.staffetta.load;

import dev.staffetta.client.ImapClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What a large mailbox costs to fill, open and read, and an idle connection to keep. */
final class ImapLoad {
  private static final Duration REPLY_TIMEOUT = Duration.ofMinutes(5);

  private ImapLoad() {}

  /** Appends messages until the mailbox has {@code wanted}; a line that says how fast. */
  static String fill(Target target, String account, int wanted, int connections)
      throws IOException, InterruptedException, ExecutionException {
    int missing;
    try (ImapClient imap = connect(target, account, 0)) {
      String exists = untagged(imap.ok("SELECT INBOX"), "EXISTS");
      missing = wanted - Integer.parseInt(exists.split(" ", 3)[1]);
    }
    byte[] message = SmtpLoad.message(600);
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      long start = System.nanoTime();
      List<Future<Latencies>> running = new ArrayList<>();
      for (int c = 0; c < connections; c++) {
        int share = missing / connections + (c < missing % connections ? 1 : 0);
        int connection = c;
        running.add(threads.submit(() -> append(target, account, connection, share, message)));
      }
      Latencies all = new Latencies();
      for (Future<Latencies> client : running) {
        all.addAll(client.get());
      }
      return all.summary(Duration.ofNanos(System.nanoTime() - start));
    } finally {
      threads.shutdownNow();
    }
  }

  private static Latencies append(
      Target target, String account, int connection, int count, byte[] message) throws IOException {
    Latencies latencies = new Latencies();
    try (ImapClient imap = connect(target, account, connection)) {
      for (int i = 0; i < count; i++) {
        long before = System.nanoTime();
        imap.append("INBOX", "", message);
        latencies.add(System.nanoTime() - before);
      }
    }
    return latencies;
  }

  /** Times commands on a mailbox, one connection, each once after the other; a line a command. */
  static List<String> read(Target target, String account) throws IOException {
    List<String> lines = new ArrayList<>();
    try (ImapClient imap = connect(target, account, 0)) {
      for (String command :
          List.of(
              "SELECT INBOX",
              "FETCH 1:* (FLAGS)",
              "UID FETCH 1:* (FLAGS)",
              "FETCH 1:* (UID RFC822.SIZE INTERNALDATE FLAGS)",
              "FETCH 1:* (ENVELOPE)",
              "FETCH 1:1000 (BODY.PEEK[])",
              "SEARCH UNSEEN",
              "SEARCH SUBJECT nothing",
              "STORE 1:1000 +FLAGS.SILENT (\\Seen)",
              "SELECT INBOX")) {
        long before = System.nanoTime();
        imap.ok(command);
        lines.add(
            String.format(
                Locale.ROOT, "%-48s %8.1f ms", command, (System.nanoTime() - before) / 1e6));
      }
    }
    return lines;
  }

  /** Opens connections that log in, select and idle. */
  static List<ImapClient> idle(Target target, int connections) throws IOException {
    List<ImapClient> open = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      ImapClient imap = connect(target, target.accounts().get(i % target.accounts().size()), i);
      imap.ok("SELECT INBOX");
      imap.idle();
      open.add(imap);
    }
    return open;
  }

  private static ImapClient connect(Target target, String account, int connection)
      throws IOException {
    ImapClient imap = new ImapClient(target.imap(connection), REPLY_TIMEOUT);
    imap.login(target.login(account), target.password());
    return imap;
  }

  private static String untagged(ImapClient.Response response, String word) throws IOException {
    return response.untagged().stream()
        .filter(line -> line.endsWith(" " + word))
        .findFirst()
        .orElseThrow(() -> new IOException("no " + word));
  }
}
