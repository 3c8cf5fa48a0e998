package dev.staffetta.mailbox;

import dev.staffetta.ports.Flags;
import dev.staffetta.ports.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * How flags of one mailbox's messages are written in another: the same keyword has another bit
 * there.
 *
 * @param added keywords that the other mailbox gets
 * @param bits for each keyword of the first mailbox its bit in the other; 0: no room for it
 */
record KeywordTranslation(List<String> added, List<Long> bits) {
  private static final long SYSTEM = (1L << Flags.SYSTEM_FLAGS) - 1;

  /**
   * Translates those keywords that the messages have. One for which the target has no bit left is
   * not copied: flags should be kept (RFC 9051 6.4.7), but not at the price of the message.
   */
  static KeywordTranslation of(List<String> from, List<Message> messages, List<String> to) {
    long used = 0;
    for (Message message : messages) {
      used |= message.flags();
    }
    List<String> added = new ArrayList<>();
    List<Long> bits = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      bits.add((used & Flags.keyword(i)) == 0 ? 0 : bit(from.get(i), to, added));
    }
    return new KeywordTranslation(List.copyOf(added), List.copyOf(bits));
  }

  private static long bit(String keyword, List<String> to, List<String> added) {
    for (int i = 0; i < to.size(); i++) {
      if (to.get(i).equalsIgnoreCase(keyword)) {
        return Flags.keyword(i);
      }
    }
    int index = to.size() + added.size();
    if (index >= Flags.MAX_KEYWORDS) {
      return 0;
    }
    added.add(keyword);
    return Flags.keyword(index);
  }

  /** Flags of a message in the other mailbox. */
  long translate(long flags) {
    long result = flags & SYSTEM;
    for (int i = 0; i < bits.size(); i++) {
      if ((flags & Flags.keyword(i)) != 0) {
        result |= bits.get(i);
      }
    }
    return result;
  }
}
