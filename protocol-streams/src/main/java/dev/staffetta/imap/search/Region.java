package dev.staffetta.imap.search;

import dev.staffetta.mime.BodyPart;
import dev.staffetta.mime.MessageSummary;
import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of a message that may hold a text: a header or the body of a text part.
 *
 * @param kind what it is
 * @param part whose header or body
 */
record Region(Kind kind, BodyPart part) {
  /** What a region is, and so which texts are looked for in it. */
  enum Kind {
    MESSAGE_HEADER,
    PART_HEADER,
    EMBEDDED_HEADER,
    TEXT;

    boolean holds(ContentText text) {
      return switch (text.where()) {
        case FIELD -> this == MESSAGE_HEADER;
        // Fields of a part belong to TEXT, not to BODY (RFC 9051 6.4.4); those of a message in the
        // message are its body.
        case BODY -> this == EMBEDDED_HEADER || this == TEXT;
        case ANYWHERE -> true;
      };
    }
  }

  long offset() {
    return kind == Kind.TEXT ? part.bodyOffset() : part.headerOffset();
  }

  long length() {
    return kind == Kind.TEXT ? part.bodySize() : part.headerSize();
  }

  /** The regions of a message in their order that may hold any of these texts. */
  static List<Region> of(MessageSummary summary, List<ContentText> texts) {
    List<Region> regions = new ArrayList<>();
    regions.add(new Region(Kind.MESSAGE_HEADER, summary.body()));
    addBody(summary.body(), regions);
    regions.removeIf(
        region -> region.length() == 0 || texts.stream().noneMatch(region.kind::holds));
    return regions;
  }

  private static void addBody(BodyPart part, List<Region> regions) {
    for (BodyPart inner : part.parts()) {
      regions.add(new Region(Kind.PART_HEADER, inner));
      addBody(inner, regions);
    }
    if (part.message().isPresent()) {
      BodyPart message = part.message().get().body();
      regions.add(new Region(Kind.EMBEDDED_HEADER, message));
      addBody(message, regions);
    } else if (part.type().is("text")) {
      regions.add(new Region(Kind.TEXT, part));
    }
  }
}
