package dev.staffetta.journal;

import dev.staffetta.store.content.Reference;
import dev.staffetta.store.content.SmallContent;
import java.util.List;

/** An event of tests. What it says of contents is not serialised. */
record Fact(String text, List<SmallContent> contents, List<Reference> starts, List<Reference> stops)
    implements ContentReferences {
  Fact(String text) {
    this(text, List.of(), List.of(), List.of());
  }
}
