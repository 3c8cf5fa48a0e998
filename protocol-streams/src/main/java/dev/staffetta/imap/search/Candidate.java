package dev.staffetta.imap.search;

import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.Message;
import java.util.Optional;

/**
 * A message that may match, and what is known of it so far. Changed by the search alone, by one
 * thread at a time.
 */
final class Candidate {
  private final int sequenceNumber;
  private final Message message;
  private final Optional<MessageSummary> summary;

  /** For each text that is looked for in the content: whether it was found. */
  private final boolean[] found;

  private boolean isHeaderRead;
  private boolean isAllRead;

  Candidate(int sequenceNumber, Message message, Optional<MessageSummary> summary, int texts) {
    this.sequenceNumber = sequenceNumber;
    this.message = message;
    this.summary = summary;
    this.found = new boolean[texts];
  }

  int sequenceNumber() {
    return sequenceNumber;
  }

  Message message() {
    return message;
  }

  /** Empty while only the table has been looked at. */
  Optional<MessageSummary> summary() {
    return summary;
  }

  void found(ContentText text) {
    found[text.index()] = true;
  }

  /** The message's header has been read to its end. */
  void headerRead() {
    isHeaderRead = true;
  }

  /** There is nothing more to read. */
  void allRead() {
    isHeaderRead = true;
    isAllRead = true;
  }

  /** Whether a text is in the content. */
  Answer answer(ContentText text) {
    if (found[text.index()]) {
      return Answer.YES;
    }
    boolean isRead = text.where() == ContentText.Where.FIELD ? isHeaderRead : isAllRead;
    return isRead ? Answer.NO : Answer.UNKNOWN;
  }
}
