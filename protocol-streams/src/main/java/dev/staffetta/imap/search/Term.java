package dev.staffetta.imap.search;

/** A search key made ready for many messages: sets resolved, texts folded, keywords as bits. */
interface Term {
  /** Whether a message matches, by what is known of it. */
  Answer of(Candidate candidate);
}
