package dev.staffetta.nemesis.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a session may be told, and what not. */
class FollowedViewTest {
  private final FollowedView view = new FollowedView();

  private void hear(String... responses) {
    for (String response : responses) {
      view.hear(response);
    }
  }

  private void threeMessages() {
    hear("* 3 EXISTS", "* 1 FETCH (UID 4 FLAGS ())", "* 2 FETCH (FLAGS (\\Seen) UID 6)");
    hear("* 3 FETCH (UID 9 FLAGS (\\Flagged nemesis))");
  }

  @Test
  void aViewIsFollowed() {
    threeMessages();
    hear("* 1 EXPUNGE", "* 1 FETCH (FLAGS (\\Deleted))", "* 3 EXISTS");
    assertThat(view.uids()).containsExactly(6L, 9L);
    assertThat(view.size()).isEqualTo(3);
    assertThat(view.flags(6)).isEqualTo(Set.of("\\Deleted"));
    assertThat(view.firstUnknown(uid -> true)).hasValue(3);
    assertThat(view.firstUnknown(uid -> uid != 9)).hasValue(2);
    assertThat(view.takeFaults()).isEmpty();
  }

  @Test
  void existsDoesNotShrink() {
    threeMessages();
    hear("* 2 EXISTS");
    assertThat(view.takeFaults()).hasSize(1);
  }

  @Test
  void numbersThatAreNotThereAreFaults() {
    threeMessages();
    hear("* 4 EXPUNGE", "* 4 FETCH (FLAGS ())");
    assertThat(view.takeFaults()).hasSize(2);
    assertThat(view.takeFaults()).isEmpty();
  }

  @Test
  void aNumberKeepsItsUid() {
    threeMessages();
    hear("* 2 FETCH (UID 7 FLAGS ())");
    assertThat(view.takeFaults()).hasSize(1);
  }

  @Test
  void uidsAscend() {
    threeMessages();
    hear("* 4 EXISTS", "* 4 FETCH (UID 9 FLAGS ())");
    assertThat(view.takeFaults()).hasSize(1);
  }

  @Test
  void fetchIsNotAnsweredByExpunge() {
    threeMessages();
    view.commandBegins("FETCH 1:* (FLAGS)");
    hear("* 1 EXPUNGE");
    view.commandEnds();
    assertThat(view.takeFaults()).hasSize(1);
    view.commandBegins("UID FETCH 1:* (FLAGS)");
    hear("* 1 EXPUNGE");
    assertThat(view.takeFaults()).isEmpty();
  }
}
