package dev.staffetta.admin;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Makes an account of each line {@code address,password}, a few at a time. A line that cannot be
 * done costs only itself.
 *
 * <p>A field may be quoted as in RFC 4180. A first line {@code address,password}, empty lines and a
 * byte order mark are passed over. A password may be hashed already ({@link ImportedPassword}). A
 * request brings few lines, so that it is answered within a connection's idle time though each
 * password takes a while to hash; a long file goes in many, several at a time.
 */
public final class AccountImport {
  /** Most lines of one request. */
  static final int MOST_LINES = 100;

  /** Also how many passwords are hashed at a time: people want to log in meanwhile. */
  private static final int HASHED_AT_A_TIME = 4;

  /** Where no password is hashed, what is waited for is the store, which takes many as one. */
  private static final int AT_A_TIME = 64;

  private final Directory directory;
  private final boolean makesDomains;

  /**
   * An import.
   *
   * @param makesDomains whether a domain that is missing is made
   */
  AccountImport(Directory directory, boolean makesDomains) {
    this.directory = directory;
    this.makesDomains = makesDomains;
  }

  /**
   * How a request's lines went.
   *
   * @param added how many accounts were made
   * @param failures the lines that could not be done, in order
   */
  public record Result(int added, List<Failure> failures) {
    public Result {
      failures = List.copyOf(failures);
    }
  }

  /**
   * A line that could not be done.
   *
   * @param line its number in the file
   * @param address as far as it could be read
   */
  public record Failure(long line, String address, String error) {}

  private record Line(long number, String text) {}

  /** A line that could be read, or why it could not. */
  private sealed interface Entry {
    record Account(long line, AccountId account, ImportedPassword password) implements Entry {}

    record Unreadable(Failure failure) implements Entry {}
  }

  /**
   * Makes the accounts of some lines.
   *
   * @param firstLine number of the first of them in its file, from 1
   */
  CompletionStage<Result> run(String csv, long firstLine, Materializer materializer) {
    List<String> lines = csv.lines().toList();
    if (lines.size() > MOST_LINES) {
      throw new IllegalArgumentException(
          "at most " + MOST_LINES + " lines a request, not " + lines.size());
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Line line = new Line(firstLine + i, trimmed(lines.get(i)));
      if (!isPassedOver(line)) {
        entries.add(entry(line));
      }
    }
    return domains(entries)
        .thenCompose(
            done ->
                Source.from(entries)
                    .mapAsync(mustHash(entries) ? HASHED_AT_A_TIME : AT_A_TIME, this::add)
                    .runWith(Sink.seq(), materializer))
        .thenApply(AccountImport::result);
  }

  private static Entry entry(Line line) {
    String address = "";
    try {
      CsvFields fields = CsvFields.parse(line.text());
      address = fields.first();
      return new Entry.Account(
          line.number(), AddressSyntax.account(address), ImportedPassword.of(fields.second()));
    } catch (IllegalArgumentException e) {
      return new Entry.Unreadable(new Failure(line.number(), address, e.getMessage()));
    }
  }

  private static boolean mustHash(List<Entry> entries) {
    return entries.stream()
        .anyMatch(
            e ->
                e instanceof Entry.Account account
                    && account.password() instanceof ImportedPassword.Plain);
  }

  /** Makes the domains that are missing; why one cannot be made, its accounts will say. */
  private CompletionStage<Void> domains(List<Entry> entries) {
    Set<String> names = new TreeSet<>();
    for (Entry entry : entries) {
      if (makesDomains && entry instanceof Entry.Account account) {
        names.add(account.account().domain());
      }
    }
    return CompletableFuture.allOf(
        names.stream()
            .map(name -> directory.addDomain(name).handle((done, failure) -> null))
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture<?>[]::new));
  }

  private static Result result(List<Optional<Failure>> outcomes) {
    List<Failure> failures = outcomes.stream().flatMap(Optional::stream).toList();
    return new Result(outcomes.size() - failures.size(), failures);
  }

  private static String trimmed(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static boolean isPassedOver(Line line) {
    return line.text().isBlank()
        || (line.number() == 1
            && line.text().toLowerCase(Locale.ROOT).replace(" ", "").equals("address,password"));
  }

  private CompletionStage<Optional<Failure>> add(Entry entry) {
    if (entry instanceof Entry.Unreadable unreadable) {
      return CompletableFuture.completedFuture(Optional.of(unreadable.failure()));
    }
    Entry.Account line = (Entry.Account) entry;
    return added(line.account(), line.password())
        .handle(
            (done, failure) ->
                Optional.ofNullable(failure)
                    .map(f -> Refusal.of(f).getMessage())
                    .map(error -> new Failure(line.line(), line.account().address(), error)));
  }

  private CompletionStage<Void> added(AccountId account, ImportedPassword password) {
    return password instanceof ImportedPassword.Hashed hashed
        ? directory.importAccount(account, hashed.hash())
        : directory.addAccount(account, ((ImportedPassword.Plain) password).text());
  }

  /** The two fields of a line. */
  record CsvFields(String first, String second) {
    static CsvFields parse(String line) {
      StringBuilder field = new StringBuilder();
      int next = field(line, 0, field);
      String first = field.toString().strip();
      if (next == line.length()) {
        throw new IllegalArgumentException("no comma; a line is 'address,password'");
      }
      field.setLength(0);
      int end = field(line, next + 1, field);
      if (end != line.length()) {
        throw new IllegalArgumentException(
            "more than two fields; put a password with a comma in double quotes");
      }
      return new CsvFields(first, field.toString());
    }

    /** Reads a field that starts at an index; returns the index of the comma or end after it. */
    private static int field(String line, int start, StringBuilder field) {
      if (start == line.length() || line.charAt(start) != '"') {
        int comma = line.indexOf(',', start);
        int end = comma < 0 ? line.length() : comma;
        field.append(line, start, end);
        return end;
      }
      for (int i = start + 1; i < line.length(); i++) {
        if (line.charAt(i) != '"') {
          field.append(line.charAt(i));
        } else if (i + 1 < line.length() && line.charAt(i + 1) == '"') {
          field.append('"');
          i++;
        } else if (i + 1 == line.length() || line.charAt(i + 1) == ',') {
          return i + 1;
        } else {
          throw new IllegalArgumentException("text after the closing quote of a field");
        }
      }
      throw new IllegalArgumentException("a quoted field has no closing quote");
    }
  }
}
