package dev.staffetta.crash;

/** How far an operation got, as its client saw it. */
enum Fate {
  /** Not asked for. */
  NONE,
  /** Asked for; no answer came, or one that leaves it open: it may have happened or not. */
  OPEN,
  /** Answered with success: it has happened, for ever. */
  DONE;

  /** The fewest times that it can have happened. */
  int atLeast() {
    return this == DONE ? 1 : 0;
  }

  /** The most times that it can have happened. */
  int atMost() {
    return this == NONE ? 0 : 1;
  }
}
