package dev.staffetta.admin;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.QueuedMail;
import dev.staffetta.ports.Queues;
import dev.staffetta.ports.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** Three messages that wait, one a page at most; says what has been asked of it. */
public final class FixedQueues implements Queues {
  /** Id of the first message. */
  public static final String FIRST = "00000000000000010000000000000000";

  /** Id of one that is being sent. */
  public static final String BUSY = "00000000000000020000000000000000";

  private static final int MESSAGES = 3;

  private final List<String> changes = new ArrayList<>();

  /** What was changed, in words. */
  public synchronized List<String> changes() {
    return List.copyOf(changes);
  }

  private static QueuedMail mail(int number) {
    MailAddress bob = new MailAddress("bob", "one.example");
    MailAddress carol = new MailAddress("carol", "one.example");
    Instant accepted = Instant.parse("2026-01-02T03:04:05Z");
    String reply = "450 4.2.0 greylisted";
    return new QueuedMail(
        new ContentId(number, 0),
        4,
        new ContentId(0, number),
        1_234,
        Optional.of("<m" + number + "@example.com>"),
        "one.example",
        Optional.of(new MailAddress("alice", "example.com")),
        new EnvelopeOptions(
            true,
            false,
            false,
            Optional.of(EnvelopeOptions.Returned.HDRS),
            Optional.empty(),
            Optional.of(new AccountId("alice@example.com")),
            Map.of(
                bob,
                new EnvelopeOptions.ForRecipient(
                    Optional.of(Set.of(EnvelopeOptions.Notify.FAILURE)), Optional.empty()))),
        accepted,
        List.of(
            new QueuedMail.Recipient(
                bob, QueuedMail.Stage.WAITING, reply, Optional.of("mx.one.example"), accepted),
            new QueuedMail.Recipient(
                carol,
                QueuedMail.Stage.DELIVERED,
                "250 2.0.0 taken",
                Optional.of("mx.one.example"),
                accepted)),
        1,
        accepted.plusSeconds(300),
        number == 3,
        false,
        List.of(
            new QueuedMail.Attempt(
                accepted,
                Optional.of("mx.one.example (TLSv1.3)"),
                Optional.of(bob.toString()),
                "TEMPORARY",
                reply)));
  }

  @Override
  public CompletionStage<Page> list(Optional<String> domain, Optional<String> after, int limit) {
    if (domain.isPresent() && !domain.get().equals("one.example")) {
      return CompletableFuture.completedStage(new Page(List.of(), Optional.empty()));
    }
    int number = after.map(Integer::parseInt).orElse(1);
    return CompletableFuture.completedStage(
        new Page(
            List.of(mail(number)),
            number == MESSAGES ? Optional.empty() : Optional.of(Integer.toString(number + 1))));
  }

  @Override
  public CompletionStage<QueuedMail> show(ContentId id) {
    return isKnown(id) ? CompletableFuture.completedStage(mail((int) id.high())) : unknown(id);
  }

  private static boolean isKnown(ContentId id) {
    return id.high() >= 1 && id.high() <= MESSAGES && id.low() == 0;
  }

  private static <T> CompletionStage<T> unknown(ContentId id) {
    return CompletableFuture.failedStage(
        new Refusal(Refusal.Code.NONEXISTENT, "no message " + id + " waits"));
  }

  @Override
  public synchronized CompletionStage<Changed> change(
      Change change, Selection which, Optional<String> after) {
    changes.add(change + " " + which + after.map(place -> " after " + place).orElse(""));
    if (which instanceof Selection.Single single) {
      if (!isKnown(single.id())) {
        return unknown(single.id());
      }
      boolean isBusy = single.id().toString().equals(BUSY);
      return CompletableFuture.completedStage(
          new Changed(isBusy ? 0 : 1, isBusy ? 1 : 0, Optional.empty()));
    }
    return CompletableFuture.completedStage(
        after.isEmpty()
            ? new Changed(2, 0, Optional.of("half"))
            : new Changed(0, 1, Optional.empty()));
  }

  @Override
  public CompletionStage<Sizes> sizes(int top) {
    Size size = new Size(MESSAGES, MESSAGES, 1, Optional.of(0L));
    return CompletableFuture.completedStage(
        new Sizes(size, 1, List.of(new DestinationSize("one.example", size)), 0));
  }

  @Override
  public CompletionStage<List<QueuedMail>> trace(String name) {
    return CompletableFuture.completedStage(
        IntStream.rangeClosed(1, MESSAGES)
            .mapToObj(FixedQueues::mail)
            .filter(mail -> mail.messageId().orElse("").contains(name))
            .toList());
  }
}
