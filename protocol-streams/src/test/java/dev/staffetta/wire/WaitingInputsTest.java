package dev.staffetta.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class WaitingInputsTest {
  /** Two that start with + become one. */
  private final WaitingInputs<String> inputs =
      new WaitingInputs<>(
          (earlier, later) ->
              earlier.startsWith("+") && later.startsWith("+")
                  ? Optional.of(earlier + later)
                  : Optional.empty());

  @Test
  void inputsComeInTheirOrder() {
    inputs.happened("a");
    inputs.answered("b");
    inputs.happened("c");
    assertThat(inputs.next()).contains("a");
    assertThat(inputs.next()).contains("b");
    assertThat(inputs.next()).contains("c");
    assertThat(inputs.next()).isEmpty();
  }

  @Test
  void eventsBecomeOneUnlessAnAnswerStandsBetween() {
    inputs.happened("+1");
    inputs.happened("+2");
    inputs.answered("+3");
    inputs.happened("+4");
    inputs.happened("5");
    assertThat(inputs.next()).contains("+1+2");
    assertThat(inputs.next()).contains("+3");
    assertThat(inputs.next()).contains("+4");
    assertThat(inputs.next()).contains("5");
  }

  @Test
  void anEffectIsUnderWayUntilItsAnswerIsTaken() {
    inputs.effectStarted();
    inputs.happened("an event");
    inputs.answered("the answer");
    inputs.next();
    assertThat(inputs.areEffectsUnderWay()).isTrue();
    inputs.next();
    assertThat(inputs.areEffectsUnderWay()).isFalse();
  }

  @Test
  void tooManyEventsAreRefusedUntilSomeAreTaken() {
    for (int i = 0; i < WaitingInputs.MAX_EVENTS; i++) {
      assertThat(inputs.happened("event")).isTrue();
    }
    assertThat(inputs.happened("event")).isFalse();
    inputs.next();
    assertThat(inputs.happened("event")).isTrue();
    assertThat(inputs.happened("event")).isFalse();
  }
}
