package dev.staffetta.journal;

import dev.staffetta.store.content.Reference;
import dev.staffetta.store.content.SmallContent;
import java.util.List;

/**
 * An event that starts or ends references of its entity to contents, or brings small contents
 * along. All of it is written in the event's own batch: either the event and its references are
 * there, or none. It is asked once, when the event is written; the event's own serialised form need
 * have none of it.
 */
public interface ContentReferences extends MakesRoom {
  /** Contents written with the event. */
  default List<SmallContent> contents() {
    return List.of();
  }

  /**
   * References that begin. Their contents must be there, or be among {@link #contents}; else the
   * write fails.
   */
  default List<Reference> starts() {
    return List.of();
  }

  /** References that end. A content that loses its last one stays for the grace time. */
  default List<Reference> stops() {
    return List.of();
  }

  /** Unless told otherwise: an event that adds nothing. */
  @Override
  default boolean makesRoom() {
    return contents().isEmpty() && starts().isEmpty();
  }
}
