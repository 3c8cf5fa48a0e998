package dev.staffetta.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DeletionsTest {
  @Property(tries = 100)
  void marksAreKeptWithoutChangingOlderOnes(
      @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 20_000) Integer> numbers) {
    Deletions before = Deletions.NONE;
    List<Integer> marked = new ArrayList<>();
    for (int number : numbers) {
      if (!before.contains(number)) {
        Deletions after = before.with(number, number);
        assertThat(before.contains(number)).isFalse();
        assertThat(after.contains(number)).isTrue();
        marked.add(number);
        before = after;
      }
    }
    assertThat(before.count()).isEqualTo(marked.size());
    assertThat(before.octets()).isEqualTo(marked.stream().mapToLong(n -> n).sum());
    Set<Integer> expected = new HashSet<>(marked);
    for (int number = 0; number <= 20_001; number++) {
      assertThat(before.contains(number)).isEqualTo(expected.contains(number));
    }
  }
}
