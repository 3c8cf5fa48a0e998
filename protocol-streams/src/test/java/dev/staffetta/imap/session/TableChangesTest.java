package dev.staffetta.imap.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageSegment;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TableChangesTest {
  private static Message message(long uid) {
    return new Message(uid, 0, 1, 10, Instant.EPOCH, new ContentId(uid, uid));
  }

  private static MessageTable table(long first, long last) {
    return MessageTable.of(
        LongStream.rangeClosed(first, last).mapToObj(TableChangesTest::message).toList());
  }

  @Test
  void theSameTableHasNotChanged() {
    MessageTable table = table(1, 5000);
    TableChanges changes = TableChanges.between(table, table);
    assertThat(changes.expunged()).isEmpty();
    assertThat(changes.changed()).isEmpty();
    assertThat(changes.added()).isZero();
  }

  @Test
  void aMessageOfASetCountsAsChanged() {
    MessageTable table = table(1, 5000);
    assertThat(TableChanges.between(table, table, UidSet.of(3, 4000, 9999)).changed())
        .containsExactly(3, 4000);
  }

  /** A change of a large table makes one segment anew, and only that is looked into. */
  @Test
  void aChangeCostsASegment() {
    MessageTable table = table(1, 100_000);
    MessageTable flagged = table.withFlags(List.of(message(50_000).withFlags(1, 2)));
    MessageTable shorter = flagged.without(UidSet.of(70_000));
    MessageTable longer = shorter.append(List.of(message(100_001)));
    List<MessageSegment> fresh = new ArrayList<>(longer.segments());
    fresh.removeAll(table.segments());
    assertThat(fresh).hasSizeLessThanOrEqualTo(3);
    TableChanges changes = TableChanges.between(table, longer);
    assertThat(changes.changed()).containsExactly(50_000);
    assertThat(changes.expunged()).containsExactly(70_000);
    assertThat(changes.added()).isEqualTo(1);
  }

  @Property(tries = 300)
  void whatChangedIsFound(@ForAll long seed) {
    Random random = new Random(seed);
    MessageTable known = table(1, random.nextInt(4000));
    MessageTable now = known;
    for (int i = 0; i < 8; i++) {
      now = somethingHappens(now, random);
    }
    TableChanges changes = TableChanges.between(known, now);
    assertThat(changes.expunged()).isEqualTo(expunged(known, now));
    assertThat(changes.changed()).isEqualTo(changed(known, now));
    assertThat(now.size()).isEqualTo(known.size() - changes.expunged().length + changes.added());
  }

  private static MessageTable somethingHappens(MessageTable table, Random random) {
    int size = table.size();
    long last = size == 0 ? 0 : table.uid(size);
    int what = random.nextInt(4);
    if (what == 0 || size == 0) {
      return table.append(
          LongStream.rangeClosed(
                  Math.max(last, 4000) + 1, Math.max(last, 4000) + random.nextInt(1500))
              .mapToObj(TableChangesTest::message)
              .toList());
    }
    long from = table.uid(1 + random.nextInt(size));
    long to = from + random.nextInt(what == 1 ? 2000 : 3);
    UidSet uids = new UidSet(List.of(new UidSet.Range(from, to)));
    if (what == 3) {
      return table.withFlags(
          table.stream(uids).map(m -> m.withFlags(random.nextInt(3), 2)).toList());
    }
    return table.without(uids);
  }

  private static int[] expunged(MessageTable known, MessageTable now) {
    return IntStream.rangeClosed(1, known.size())
        .filter(n -> now.sequenceNumber(known.uid(n)) == 0)
        .toArray();
  }

  private static int[] changed(MessageTable known, MessageTable now) {
    return IntStream.rangeClosed(1, known.size())
        .filter(
            n -> {
              Optional<Message> after = now.find(known.uid(n));
              return after.isPresent() && after.get().flags() != known.get(n).flags();
            })
        .toArray();
  }
}
