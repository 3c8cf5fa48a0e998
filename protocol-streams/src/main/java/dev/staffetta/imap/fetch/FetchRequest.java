package dev.staffetta.imap.fetch;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MessageTable;
import java.util.List;

/**
 * What one FETCH command asks for, with all of the session's view that the answer shows.
 *
 * @param account whose contents
 * @param table what the client knows of the mailbox; sequence numbers are this table's
 * @param sequenceNumbers which messages, ascending, each in the table; not changed afterwards, and
 *     not copied: it may be a view that makes its numbers when they are asked for
 * @param items in the order of the answer; a UID FETCH names {@link FetchItem.Attribute#UID}
 * @param keywords the mailbox's, by bit
 * @param recentFrom messages with this UID or a higher one show \Recent; {@link #NO_RECENT}: none
 */
public record FetchRequest(
    AccountId account,
    MessageTable table,
    List<Integer> sequenceNumbers,
    List<FetchItem> items,
    List<String> keywords,
    long recentFrom) {
  /** No message is \Recent. */
  public static final long NO_RECENT = Long.MAX_VALUE;

  public FetchRequest {
    items = List.copyOf(items);
    keywords = List.copyOf(keywords);
    if (items.isEmpty()) {
      throw new IllegalArgumentException("a FETCH has at least one item");
    }
  }
}
