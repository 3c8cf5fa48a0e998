package dev.staffetta.smtp.client;

import dev.staffetta.wire.Step;
import java.util.ArrayList;
import java.util.List;

/** What a client's session does on one input, as it is gathered. Lives within one step. */
final class Turn {
  private final List<ClientOutput> outputs = new ArrayList<>();
  private final List<ClientEffect> effects = new ArrayList<>();

  Turn say(String text) {
    return put(new ClientOutput.Say(text));
  }

  Turn put(ClientOutput output) {
    outputs.add(output);
    return this;
  }

  Turn run(ClientEffect effect) {
    effects.add(effect);
    return this;
  }

  Step<ClientState, ClientOutput, ClientEffect> to(ClientState state) {
    return new Step<>(state, outputs, effects);
  }

  /** Nothing more is said or heard. */
  Step<ClientState, ClientOutput, ClientEffect> close(ClientState state) {
    return put(new ClientOutput.Close()).to(state.with(new ClientState.Closed()));
  }
}
