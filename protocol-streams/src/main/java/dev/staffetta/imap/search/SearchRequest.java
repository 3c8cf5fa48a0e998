package dev.staffetta.imap.search;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MessageTable;
import java.util.List;

/**
 * What one SEARCH command asks, with all of the session's view that the answer depends on.
 *
 * @param account whose contents
 * @param table what the client knows of the mailbox; sequence numbers are this table's
 * @param keywords the mailbox's, by bit
 * @param recentFrom messages with this UID or a higher one are \Recent
 */
public record SearchRequest(
    AccountId account, MessageTable table, List<String> keywords, long recentFrom, SearchKey key) {
  public SearchRequest {
    keywords = List.copyOf(keywords);
  }
}
