package dev.staffetta.account;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * To how many recipients an account has sent of late, in slots of some minutes: enough to tell an
 * hour and a day.
 *
 * @param slots of the last day, ascending
 */
record SubmittedRecipients(List<Slot> slots) {
  static final SubmittedRecipients NONE = new SubmittedRecipients(List.of());

  private static final Duration SLOT = Duration.ofMinutes(10);
  private static final long SLOTS_AN_HOUR = 6;
  private static final long SLOTS_A_DAY = 24 * SLOTS_AN_HOUR;

  /**
   * Some minutes.
   *
   * @param number since 1970
   */
  record Slot(long number, int recipients) {}

  SubmittedRecipients {
    slots = List.copyOf(slots);
  }

  /** The number of the slot of a time. */
  static long slot(Instant time) {
    return time.getEpochSecond() / SLOT.toSeconds();
  }

  /** With more in a slot; what is a day older is forgotten. */
  SubmittedRecipients plus(long slot, int recipients) {
    List<Slot> result = new ArrayList<>();
    int there = 0;
    for (Slot old : slots) {
      if (old.number == slot) {
        there = old.recipients;
      } else if (old.number > slot - SLOTS_A_DAY) {
        result.add(old);
      }
    }
    result.add(new Slot(slot, there + recipients));
    return new SubmittedRecipients(result);
  }

  /** In the hour that ends with a slot. */
  int lastHour(long slot) {
    return since(slot - SLOTS_AN_HOUR);
  }

  /** In the day that ends with a slot. */
  int lastDay(long slot) {
    return since(slot - SLOTS_A_DAY);
  }

  private int since(long before) {
    return slots.stream().filter(slot -> slot.number > before).mapToInt(Slot::recipients).sum();
  }
}
