package dev.staffetta.mime;

import dev.staffetta.mime.MessageSegment.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a message can be written in 7 bits (RFC 6152 3), so that whoever decodes it finds the same in
 * it: which parts get which encoding, and which headers say so. Structure, boundaries and all other
 * parts stay as they are.
 */
public final class SevenBitForm {
  /** What becomes of a segment. */
  record Change(Optional<String> encoding, boolean dropsEncoding) {}

  private final List<MessageSegment> segments;
  private final List<Optional<Change>> changes;
  private final Optional<String> obstacle;

  private SevenBitForm(
      List<MessageSegment> segments, List<Optional<Change>> changes, Optional<String> obstacle) {
    this.segments = segments;
    this.changes = List.copyOf(changes);
    this.obstacle = obstacle;
  }

  static SevenBitForm impossible(String why) {
    return new SevenBitForm(List.of(), List.of(), Optional.of(why));
  }

  /**
   * @param encodings of each segment, if it is to be encoded
   */
  static SevenBitForm of(List<MessageSegment> segments, List<Optional<String>> encodings) {
    List<Optional<Change>> changes = new ArrayList<>();
    segments.forEach(segment -> changes.add(Optional.empty()));
    for (int i = 0; i < segments.size(); i++) {
      if (encodings.get(i).isEmpty()) {
        continue;
      }
      MessageSegment body = segments.get(i);
      Optional<Change> change = Optional.of(new Change(encodings.get(i), true));
      changes.set(i, change);
      changes.set(body.header(), change);
      for (int at = body.container(); at >= 0; at = segments.get(at).container()) {
        if (changes.get(at).isEmpty()) {
          changes.set(at, Optional.of(around(segments.get(at).part())));
        }
      }
    }
    return new SevenBitForm(segments, changes, Optional.empty());
  }

  /** What contains only what is of 7 bits must not say that it is of more (RFC 2045 6.4). */
  private static Change around(BodyPart part) {
    boolean isWider =
        part.encoding().filter(e -> e.equals("8bit") || e.equals("binary")).isPresent();
    return new Change(Optional.empty(), isWider);
  }

  /** Why it cannot be done; empty: it can. */
  public Optional<String> obstacle() {
    return obstacle;
  }

  /** Writes the message so; where there is an obstacle, as it is. */
  public SevenBitEncoder encoder() {
    return new SevenBitEncoder(this);
  }

  List<MessageSegment> segments() {
    return segments;
  }

  Optional<Change> change(int segment) {
    return changes.get(segment);
  }

  /** Whether the segment is a body that is encoded and not followed by anything. */
  boolean isLastBody(int segment) {
    long size = segments.get(segments.size() - 1).end();
    return segments.get(segment).kind() == Kind.BODY && segments.get(segment).end() == size;
  }
}
