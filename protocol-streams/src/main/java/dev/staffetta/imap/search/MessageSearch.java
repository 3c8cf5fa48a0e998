package dev.staffetta.imap.search;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Contents;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.UidSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Finds the messages that a SEARCH asks for (RFC 9051 6.4.4): first by the table, then what is left
 * by the summaries, then what is still left by reading contents. One object a connection.
 */
public final class MessageSearch {
  /** Rows of the table that are looked at in one go; between two of them others get their turn. */
  private static final int BLOCK = 4096;

  /** How many summaries are asked for at a time; each takes less than a megabyte. */
  private static final int SUMMARIES = 32;

  /** How many contents are read at the same time. */
  private static final int READS = 4;

  private final Contents contents;
  private final Materializer materializer;

  /** What follows the end of a stream runs here: by itself it would start a thread of its own. */
  private final Executor executor;

  private final SharedKillSwitch end = KillSwitches.shared("search");

  /** Reads from these contents. */
  public MessageSearch(Contents contents, Materializer materializer) {
    this.contents = contents;
    this.materializer = materializer;
    this.executor = materializer.executionContext();
  }

  /**
   * The UIDs of the messages that match; {@code request.table().sequenceNumbers(uids)} are their
   * sequence numbers. A message whose content is gone matches only by what the table knows. Fails
   * when contents cannot be read now.
   */
  public CompletionStage<UidSet> search(SearchRequest request) {
    SearchPlan plan = new SearchPlan(request);
    MessageTable table = request.table();
    // By sequence number. Threads that follow one another fill it in, each its own rows.
    boolean[] matching = new boolean[table.size() + 1];
    if (table.size() <= BLOCK) {
      List<Integer> open = scan(plan, 1, table.size(), matching);
      return open.isEmpty()
          ? CompletableFuture.completedStage(uids(table, matching))
          : readOpen(plan, request, Source.from(open), matching);
    }
    Source<Integer, NotUsed> open =
        Source.range(0, (table.size() - 1) / BLOCK)
            .mapAsync(
                1,
                block ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          int first = 1 + block * BLOCK;
                          int last = Math.min(table.size(), first + BLOCK - 1);
                          return scan(plan, first, last, matching);
                        },
                        executor))
            .mapConcat(numbers -> numbers);
    return readOpen(plan, request, open, matching);
  }

  /** Asks the table of some rows; the sequence numbers for which it does not know. */
  private static List<Integer> scan(SearchPlan plan, int first, int last, boolean[] matching) {
    List<Integer> open = new ArrayList<>();
    for (int number = first; number <= last; number++) {
      Answer answer = plan.answer(plan.candidate(number, Optional.empty()));
      matching[number] = answer == Answer.YES;
      if (answer == Answer.UNKNOWN) {
        open.add(number);
      }
    }
    return open;
  }

  private CompletionStage<UidSet> readOpen(
      SearchPlan plan, SearchRequest request, Source<Integer, NotUsed> open, boolean[] matching) {
    return open.via(end.flow())
        .grouped(SUMMARIES)
        .mapAsync(1, numbers -> withSummaries(plan, request, numbers))
        .mapConcat(candidates -> candidates)
        .mapAsync(READS, candidate -> read(plan, request.account(), candidate))
        .filter(candidate -> plan.answer(candidate) == Answer.YES)
        .runForeach(candidate -> matching[candidate.sequenceNumber()] = true, materializer)
        .thenApplyAsync(done -> uids(request.table(), matching), executor);
  }

  private static UidSet uids(MessageTable table, boolean[] matching) {
    return UidSet.ofAscending(
        IntStream.rangeClosed(1, table.size())
            .filter(number -> matching[number])
            .mapToLong(table::uid));
  }

  private CompletionStage<List<Candidate>> withSummaries(
      SearchPlan plan, SearchRequest request, List<Integer> numbers) {
    List<ContentId> ids =
        numbers.stream().map(number -> request.table().get(number).content()).toList();
    return contents
        .summariesOfExisting(request.account(), ids)
        .thenApply(
            summaries ->
                IntStream.range(0, numbers.size())
                    .mapToObj(i -> plan.candidate(numbers.get(i), summaries.get(i)))
                    .toList());
  }

  /** Reads as much of a candidate's content as is needed to tell; none if it is gone. */
  private CompletionStage<Candidate> read(SearchPlan plan, AccountId account, Candidate candidate) {
    if (candidate.summary().isEmpty() || plan.answer(candidate) != Answer.UNKNOWN) {
      return CompletableFuture.completedStage(candidate);
    }
    Iterator<Region> regions = Region.of(candidate.summary().get(), plan.texts()).iterator();
    return readRegions(plan, account, candidate, regions)
        .handle(
            (done, failure) -> {
              if (failure != null && Refusal.of(failure).code() != Refusal.Code.NONEXISTENT) {
                throw new CompletionException(failure);
              }
              return candidate;
            });
  }

  private CompletionStage<Void> readRegions(
      SearchPlan plan, AccountId account, Candidate candidate, Iterator<Region> regions) {
    while (regions.hasNext()) {
      Region region = regions.next();
      if (region.kind() != Region.Kind.MESSAGE_HEADER) {
        candidate.headerRead();
      }
      if (plan.answer(candidate) != Answer.UNKNOWN) {
        return CompletableFuture.completedStage(null);
      }
      List<ContentText> wanted =
          plan.texts().stream()
              .filter(t -> region.kind().holds(t) && candidate.answer(t) == Answer.UNKNOWN)
              .toList();
      if (!wanted.isEmpty()) {
        return readRegion(
                plan, account, candidate, new RegionSearch(region, wanted, candidate), region)
            .thenCompose(done -> readRegions(plan, account, candidate, regions));
      }
    }
    candidate.allRead();
    return CompletableFuture.completedStage(null);
  }

  private CompletionStage<Void> readRegion(
      SearchPlan plan, AccountId account, Candidate candidate, RegionSearch search, Region region) {
    if (region.length() <= Contents.SMALL) {
      return contents
          .readSmall(account, candidate.message().content(), region.offset(), (int) region.length())
          .thenAccept(
              bytes -> {
                search.offer(bytes.toArrayUnsafe());
                search.finish();
              });
    }
    return contents
        .read(account, candidate.message().content(), region.offset(), region.length())
        .via(end.flow())
        .takeWhile(
            chunk ->
                search.offer(chunk.toArrayUnsafe()) && plan.answer(candidate) == Answer.UNKNOWN)
        .run(materializer)
        .thenAcceptAsync(done -> search.finish(), executor);
  }

  /** Stops searches under way: their stages fail. For the end of the connection. */
  public void close() {
    end.abort(new IllegalStateException("the connection ended during a search"));
  }
}
