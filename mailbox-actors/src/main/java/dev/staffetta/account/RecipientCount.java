package dev.staffetta.account;

import dev.staffetta.config.AccountSettings;
import dev.staffetta.ports.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the recipients that an account sends to, and refuses those that are too many.
 *
 * <p>It counts in memory, and has what it counted written now and then: a write for each recipient
 * would cost more than the mail, and a crash that forgets a few gives nobody much. So one who sends
 * little costs no write, and one who sends a million is held up all the same.
 *
 * <p>Belongs to one account's actor; used on its thread only.
 */
final class RecipientCount {
  private final AccountSettings.Submission limits;

  /** Counted and not written yet, in the slot of this number. */
  private int counted;

  private long slot;

  RecipientCount(AccountSettings.Submission limits) {
    this.limits = limits;
  }

  /**
   * Counts recipients.
   *
   * @param written what the account has written so far
   * @return what is to be written before they are answered; mostly nothing
   * @throws Refusal with LIMIT if they are too many
   */
  List<AccountChange> count(SubmittedRecipients written, int recipients, Instant now) {
    long current = SubmittedRecipients.slot(now);
    SubmittedRecipients all = written.plus(slot, counted);
    if (all.lastHour(current) + recipients > limits.recipientsPerHour()) {
      throw new Refusal(
          Refusal.Code.LIMIT,
          "you have sent to %d recipients in an hour".formatted(all.lastHour(current)));
    }
    if (all.lastDay(current) + recipients > limits.recipientsPerDay()) {
      throw new Refusal(
          Refusal.Code.LIMIT,
          "you have sent to %d recipients in a day".formatted(all.lastDay(current)));
    }
    List<AccountChange> changes = new ArrayList<>();
    if (current != slot) {
      takeInto(changes, 1);
      slot = current;
    }
    counted += recipients;
    takeInto(changes, limits.writeEvery());
    return changes;
  }

  private void takeInto(List<AccountChange> changes, int atLeast) {
    if (counted >= atLeast) {
      changes.add(new AccountChange.RecipientsSubmitted(slot, counted));
      counted = 0;
    }
  }
}
