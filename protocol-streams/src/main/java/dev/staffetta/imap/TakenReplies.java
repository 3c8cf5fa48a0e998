package dev.staffetta.imap;

import dev.staffetta.imap.session.Effect.Taken;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Which replies the client has taken, by their tickets. Mutable; used on the connection's stage,
 * its futures by any thread.
 */
final class TakenReplies {
  private final Map<Long, CompletableFuture<Taken>> replies = new HashMap<>();

  /** What becomes of a reply; whether it or the question comes first is all the same. */
  CompletableFuture<Taken> of(long ticket) {
    return replies.computeIfAbsent(ticket, t -> new CompletableFuture<>());
  }

  /** Nobody will ask again. */
  void forget(long ticket) {
    replies.remove(ticket);
  }
}
