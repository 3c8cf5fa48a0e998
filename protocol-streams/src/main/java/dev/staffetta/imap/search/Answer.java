package dev.staffetta.imap.search;

/** Whether a message matches, as far as it is known. */
enum Answer {
  YES,
  NO,
  /** More must be read to tell. */
  UNKNOWN;

  static Answer of(boolean matches) {
    return matches ? YES : NO;
  }

  Answer not() {
    return switch (this) {
      case YES -> NO;
      case NO -> YES;
      case UNKNOWN -> UNKNOWN;
    };
  }
}
