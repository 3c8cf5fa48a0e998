package dev.staffetta.nemesis.history;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A whole folder as a session saw it. It must show all that was acknowledged before it began.
 *
 * @param span from SELECT, NOOP or the like to the last answer
 * @param uidNext where the answers told it
 * @param isFinal whether it was made when all was quiet
 */
public record Read(
    String client,
    String node,
    Span span,
    Folder folder,
    long uidValidity,
    OptionalLong uidNext,
    List<Sighting> messages,
    boolean isFinal) {
  public Read {
    messages = List.copyOf(messages);
  }

  /** A message in it. */
  public record Sighting(long uid, String token, Set<String> flags) {
    public Sighting {
      flags = Set.copyOf(flags);
    }
  }

  @Override
  public String toString() {
    return "read of "
        + folder
        + (isFinal ? " at rest" : "")
        + " by "
        + client
        + " at "
        + node
        + ", "
        + span;
  }
}
