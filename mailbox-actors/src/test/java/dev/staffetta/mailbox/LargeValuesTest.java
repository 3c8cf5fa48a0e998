package dev.staffetta.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageSegment;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Parcel;
import dev.staffetta.sharding.ParcelKeeper;
import dev.staffetta.sharding.TextParcel;
import dev.staffetta.system.TwoSystems;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is larger than any message crosses in parts, and stays what it is on its own node. */
class LargeValuesTest {
  private static final Logger log = LoggerFactory.getLogger(LargeValuesTest.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final TwoSystems SYSTEMS = new TwoSystems();

  @AfterAll
  static void stop() {
    SYSTEMS.close();
  }

  /** An entity that answers everything with one value. */
  private static <R> ActorRef<Object> entity(Parcel<R> parcel, String name) {
    return SYSTEMS
        .there()
        .systemActorOf(
            Behaviors.<Object>setup(
                context ->
                    Behaviors.receiveMessage(
                        message -> {
                          @SuppressWarnings("unchecked") // It is asked for this value only.
                          ActorRef<Answer<R>> replyTo =
                              (ActorRef<Answer<R>>)
                                  (ActorRef<?>) ((MailboxCommand.GetView) message).replyTo();
                          ParcelKeeper.answer(context, replyTo, parcel);
                          return Behaviors.same();
                        })),
            name,
            Props.empty());
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // The entity's value has it.
  private static <R> R ask(ActorRef<Object> entity, ActorSystem<?> from) throws Exception {
    Answer<R> answer =
        AskPattern.<Object, Answer<R>>ask(
                entity,
                replyTo ->
                    new MailboxCommand.GetView(
                        (ActorRef<Answer<MailboxView>>) (ActorRef<?>) replyTo),
                PATIENCE,
                from.scheduler())
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    return answer instanceof Answer.InParts<R> parcel
        ? ParcelKeeper.open(parcel, PATIENCE, from).toCompletableFuture().get(60, TimeUnit.SECONDS)
        : answer.orRefuse();
  }

  private static MailboxView view(int messages) {
    List<MessageSegment> segments = new ArrayList<>();
    for (int first = 1; first <= messages; first += MessageSegment.CAPACITY) {
      segments.add(
          MessageSegment.of(
              LongStream.range(first, Math.min(first + MessageSegment.CAPACITY, messages + 1))
                  .mapToObj(
                      n ->
                          new Message(
                              2 * n,
                              n % 32,
                              3 * n,
                              1000 + n % 100_000,
                              Instant.ofEpochSecond(1_700_000_000L + n),
                              ContentId.random()))
                  .toList()));
    }
    return new MailboxView(
        MailboxId.inboxOf(new AccountId("alice@example.com")),
        5,
        2L * messages + 1,
        3L * messages,
        List.of("$a"),
        MessageTable.ofSegments(segments));
  }

  @Test
  void viewOfAMillionMessagesReachesTheOtherNode() throws Exception {
    MailboxView view = view(1_000_000);
    ActorRef<Object> entity = entity(new ViewParcel(view), "million");
    for (int round = 0; round < 3; round++) {
      long start = System.nanoTime();
      MailboxView arrived = ask(SYSTEMS.fromHere(entity), SYSTEMS.here());
      log.warn(
          "a view of {} messages took {} ms",
          arrived.messages().size(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      assertThat(arrived.messages().size()).isEqualTo(1_000_000);
      assertThat(arrived.messages().get(777_777)).isEqualTo(view.messages().get(777_777));
      assertThat(arrived.highestModseq()).isEqualTo(view.highestModseq());
    }
    assertThat(LargeValuesTest.<MailboxView>ask(entity, SYSTEMS.there())).isSameAs(view);
  }

  @Test
  void noPartIsLargerThanAFrame() {
    ViewParcel parcel = new ViewParcel(view(20_000));
    int largest =
        IntStream.range(0, parcel.parts())
            .map(
                n ->
                    SerializationExtension.get(SYSTEMS.here())
                        .serialize(parcel.part(n))
                        .get()
                        .length)
            .max()
            .orElseThrow();
    log.warn("the largest part has {} bytes", largest);
    assertThat(largest).isLessThan(Parcel.PART_BYTES + 50_000);
  }

  @Test
  void aHundredThousandNamesReachTheOtherNode() throws Exception {
    List<String> names = IntStream.range(0, 100_000).mapToObj(n -> "somebody-" + n).toList();
    ActorRef<Object> entity = entity(new TextParcel(names), "names");
    assertThat(LargeValuesTest.<List<String>>ask(SYSTEMS.fromHere(entity), SYSTEMS.here()))
        .isEqualTo(names);
  }
}
