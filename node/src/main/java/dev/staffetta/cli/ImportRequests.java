package dev.staffetta.cli;

import dev.staffetta.admin.AccountImport;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * A file of accounts on its way to a node: in small requests, some at a time, so that the store has
 * always something to write and each answer comes soon. Results come in the order of the lines.
 */
final class ImportRequests {
  /** So few that an answer comes soon, though hashing a password takes a while. */
  private static final int LINES_A_REQUEST = 100;

  private static final int AT_A_TIME = 8;

  private final AdminClient client;
  private final boolean makesDomains;
  private final Deque<Future<AccountImport.Result>> underWay = new ArrayDeque<>();
  private long added;
  private long failed;

  ImportRequests(AdminClient client, boolean makesDomains) {
    this.client = client;
    this.makesDomains = makesDomains;
  }

  /** Sends all lines; what failed is told. */
  void send(BufferedReader csv, Consumer<AccountImport.Failure> failures)
      throws IOException, CommandFailure {
    ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      long next = 1;
      List<String> lines = some(csv);
      while (!lines.isEmpty()) {
        List<String> these = lines;
        long first = next;
        underWay.add(threads.submit(() -> client.importAccounts(these, first, makesDomains)));
        next += lines.size();
        if (underWay.size() == AT_A_TIME) {
          take(failures);
        }
        lines = some(csv);
      }
      while (!underWay.isEmpty()) {
        take(failures);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void take(Consumer<AccountImport.Failure> failures) throws CommandFailure {
    try {
      AccountImport.Result result = underWay.remove().get();
      added += result.added();
      failed += result.failures().size();
      result.failures().forEach(failures);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CommandFailure failure) {
        throw failure;
      }
      throw new IllegalStateException("an import's request is broken", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
  }

  private static List<String> some(BufferedReader csv) throws IOException {
    List<String> lines = new ArrayList<>();
    String line = csv.readLine();
    while (line != null) {
      lines.add(line);
      line = lines.size() < LINES_A_REQUEST ? csv.readLine() : null;
    }
    return lines;
  }

  long added() {
    return added;
  }

  long failed() {
    return failed;
  }
}
