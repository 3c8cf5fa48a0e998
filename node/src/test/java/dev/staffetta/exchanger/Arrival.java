package dev.staffetta.exchanger;

import java.util.List;

/**
 * A message that an exchanger keeps.
 *
 * @param recipients that it accepted
 * @param text the whole message as it came, dots removed, as ISO 8859-1
 * @param nanos when its end was answered, by {@link System#nanoTime}
 * @param isAcknowledged whether the 250 was written, as far as the operating system tells
 */
public record Arrival(List<String> recipients, String text, long nanos, boolean isAcknowledged) {
  public Arrival {
    recipients = List.copyOf(recipients);
  }
}
