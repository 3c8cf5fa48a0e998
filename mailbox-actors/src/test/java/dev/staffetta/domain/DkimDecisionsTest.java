package dev.staffetta.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.dkim.DkimAlgorithm;
import dev.staffetta.ports.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;

class DkimDecisionsTest {
  private DomainState state = DomainState.absent("example.com").emptied(true);

  @Test
  void theFirstKeyOfAnAlgorithmSignsAtOnceAndLaterOnesWhenActivated() {
    add("one", DkimAlgorithm.RSA_SHA256);
    add("two", DkimAlgorithm.RSA_SHA256);
    add("three", DkimAlgorithm.ED25519_SHA256);
    assertThat(active()).containsExactly("one", "three");
    apply(DkimDecisions.activate(state, "two").changes());
    assertThat(active()).containsExactly("three", "two");
    apply(DkimDecisions.remove(state, "two").changes());
    assertThat(active()).containsExactly("three");
    assertThat(DkimDecisions.remove(state, "two").changes()).isEmpty();
  }

  @Test
  void aSelectorIsGivenOnceAndOnlyToADomainThatExists() {
    add("one", DkimAlgorithm.RSA_SHA256);
    assertThatThrownBy(() -> add("one", DkimAlgorithm.ED25519_SHA256))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("one");
    assertThatThrownBy(() -> DkimDecisions.activate(state, "x")).isInstanceOf(Refusal.class);
    state = DomainState.absent("example.com");
    assertThatThrownBy(() -> add("two", DkimAlgorithm.RSA_SHA256)).isInstanceOf(Refusal.class);
  }

  @Test
  void aDomainThatIsRemovedForgetsItsKeys() {
    add("one", DkimAlgorithm.RSA_SHA256);
    apply(List.of(new DomainChange.Removed(), new DomainChange.Created()));
    assertThat(state.dkimKeys()).isEmpty();
  }

  private void add(String selector, DkimAlgorithm algorithm) {
    apply(DkimDecisions.add(state, new DomainKey(selector, algorithm, false, "k", "r")).changes());
  }

  private void apply(List<DomainChange> changes) {
    changes.forEach(change -> state = change.applyTo(state));
  }

  private List<String> active() {
    return state.dkimKeys().values().stream()
        .filter(DomainKey::isActive)
        .map(DomainKey::selector)
        .toList();
  }
}
