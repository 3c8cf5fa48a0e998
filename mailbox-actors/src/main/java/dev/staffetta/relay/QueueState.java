package dev.staffetta.relay;

/** Nothing but how often a queue has changed: what it has is in keys of its own. */
record QueueState(long changes) {}
