package dev.staffetta.nemesis.relay;

/**
 * What became of a message at the submission port.
 *
 * @param isAccepted whether it was answered 250, in the end
 * @param openEnds how often its end was answered by something else, or not at all: each may have
 *     left a copy
 */
record Submission(RelayLetter letter, boolean isAccepted, int openEnds) {}
