package dev.staffetta.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.ContentId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentIdsTest {
  @Test
  void theLastThousandsAreKnownAndOlderOnesForgotten() {
    int all = (RecentIds.CHUNKS + 1) * RecentIds.CHUNK;
    List<ContentId> ids = new ArrayList<>();
    RecentIds recent = RecentIds.NONE;
    for (int i = 0; i < all; i++) {
      ids.add(ContentId.random());
      recent = recent.plus(ids.get(i), i + 1);
    }
    for (int i = RecentIds.CHUNK; i < all; i++) {
      assertThat(recent.uid(ids.get(i))).hasValue(i + 1);
    }
    for (int i = 0; i < RecentIds.CHUNK; i++) {
      assertThat(recent.uid(ids.get(i))).isEmpty();
    }
    assertThat(recent.uid(ContentId.random())).isEmpty();
  }

  @Test
  void anEarlierOneIsNotChangedByALaterOne() {
    ContentId id = ContentId.random();
    RecentIds before = RecentIds.NONE.plus(ContentId.random(), 1);
    before.plus(id, 2);
    assertThat(before.uid(id)).isEmpty();
  }
}
