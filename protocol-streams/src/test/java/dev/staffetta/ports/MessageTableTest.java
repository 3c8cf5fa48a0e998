package dev.staffetta.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MessageTableTest {
  private static Message message(long uid) {
    return new Message(
        uid, uid % 32, uid, uid * 3, Instant.ofEpochSecond(uid), new ContentId(uid, -uid));
  }

  /** A table is what a list would be, and no table changes when another is made of it. */
  @Property(tries = 30)
  void aTableIsAsAListWouldHaveIt(@ForAll long seed) {
    Random random = new Random(seed);
    List<Message> list = new ArrayList<>();
    MessageTable table = MessageTable.EMPTY;
    long next = 1;
    for (int step = 0; step < 25; step++) {
      List<Message> before = table.stream().toList();
      MessageTable old = table;
      switch (random.nextInt(3)) {
        case 0 -> {
          List<Message> added = new ArrayList<>();
          int count = random.nextInt(random.nextBoolean() ? 3 : 3000);
          for (int i = 0; i < count; i++) {
            next += 1 + random.nextInt(2);
            added.add(message(next));
          }
          list.addAll(added);
          table = table.append(added);
        }
        case 1 -> {
          UidSet gone = someUids(random, next);
          list.removeIf(m -> gone.contains(m.uid()));
          table = table.without(gone);
        }
        default -> {
          UidSet changed = someUids(random, next);
          long modseq = 100_000L + step;
          list.replaceAll(m -> changed.contains(m.uid()) ? m.withFlags(7, modseq) : m);
          table = table.withFlags(table.stream(changed).map(m -> m.withFlags(7, modseq)).toList());
        }
      }
      assertThat(table.stream().toList()).isEqualTo(list);
      assertThat(old.stream().toList()).isEqualTo(before);
      assertThat(table.segments()).allSatisfy(s -> assertThat(s.size()).isBetween(1, 1024));
      for (int i = 0; i < 5 && !list.isEmpty(); i++) {
        int number = 1 + random.nextInt(list.size());
        assertThat(table.sequenceNumber(list.get(number - 1).uid())).isEqualTo(number);
        assertThat(table.get(number)).isEqualTo(list.get(number - 1));
      }
    }
  }

  private static UidSet someUids(Random random, long next) {
    long first = 1L + random.nextInt((int) next);
    return random.nextBoolean()
        ? new UidSet(List.of(new UidSet.Range(first, first + random.nextInt(800))))
        : UidSet.ofAscending(
            LongStream.generate(() -> 1L + random.nextInt((int) next)).limit(20).sorted());
  }

  @Test
  void uidsMustAscend() {
    MessageTable table = MessageTable.of(List.of(message(5)));
    assertThatThrownBy(() -> table.append(List.of(message(5))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> table.append(List.of(message(7), message(6))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
