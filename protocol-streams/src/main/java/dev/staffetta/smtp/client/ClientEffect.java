package dev.staffetta.smtp.client;

import java.util.List;

/** What the session of a client asks to be done. */
sealed interface ClientEffect {
  /** Takes what whoever owns the connection wants. */
  record Listen() implements ClientEffect {}

  /** The connection is ready for messages. */
  record Opened() implements ClientEffect {}

  /** It is not, and closed. */
  record OpenFailed(HopFailedException failure) implements ClientEffect {}

  /**
   * Reads the message for what the server may not be able to take.
   *
   * @param toSevenBits whether what is not of ASCII has to be encoded
   */
  record Scan(OutgoingMail mail, boolean toSevenBits) implements ClientEffect {}

  /**
   * A message is done with.
   *
   * @param outcomes one a recipient
   * @param isUsable whether another may be sent
   */
  record Finished(List<RecipientOutcome> outcomes, boolean isUsable) implements ClientEffect {
    public Finished {
      outcomes = List.copyOf(outcomes);
    }
  }

  /** No other message may be sent. */
  record Unusable() implements ClientEffect {}
}
