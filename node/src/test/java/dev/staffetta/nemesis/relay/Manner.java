package dev.staffetta.nemesis.relay;

/** How a destination behaves. */
enum Manner {
  /** Takes everything. */
  SOUND,
  /** Refuses each recipient the first time. */
  GREYLISTS,
  /** Ends every fifth transaction with 421. */
  BREAKS_OFF,
  /** Breaks the connection after every fourth message's end, and has not kept it. */
  DROPS,
  /** Breaks the connection after every fourth message's end, and has kept it. */
  KEEPS_AND_DROPS,
  /** Takes its time for each message. */
  SLOW,
  /** Knows only some recipients. */
  KNOWS_SOME,
  /** Refuses each message at its end, for good. */
  FULL,
  /** Refuses connections for some time. */
  AWAY,
  /** Greets with 421 for some time. */
  BUSY;

  /** Every other destination is sound; the others have the other manners in turn. */
  static Manner of(int destination) {
    Manner[] all = values();
    return destination % 2 == 1 ? SOUND : all[1 + destination / 2 % (all.length - 1)];
  }
}
