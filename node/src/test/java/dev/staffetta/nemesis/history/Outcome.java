package dev.staffetta.nemesis.history;

/** What a client may believe of what it asked for. */
public enum Outcome {
  /** Acknowledged: it has happened, for ever. */
  DONE,
  /** It has not happened and will not. */
  REFUSED,
  /** No answer, or one that leaves it open: it may have happened, or happen later, at most once. */
  UNKNOWN
}
