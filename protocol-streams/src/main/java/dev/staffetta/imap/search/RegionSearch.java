package dev.staffetta.imap.search;

import dev.staffetta.mime.EncodedWords;
import dev.staffetta.mime.TextDecoder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Looks for texts in one region of a message, chunk by chunk. Used by one thread. */
final class RegionSearch {
  private final Candidate candidate;
  private final boolean isHeader;

  /** Not yet found. */
  private final List<ContentText> wanted;

  private final FieldReader fields = new FieldReader(this::field);
  private final TextDecoder decoder;
  private final List<Needle.Search> searches;

  /**
   * @param texts those that the region may hold and that were not found before
   */
  RegionSearch(Region region, List<ContentText> texts, Candidate candidate) {
    this.candidate = candidate;
    this.isHeader = region.kind() != Region.Kind.TEXT;
    this.wanted = new ArrayList<>(texts);
    this.decoder = TextDecoder.of(region.part());
    this.searches = new ArrayList<>(texts.stream().map(text -> text.needle().search()).toList());
  }

  /** Takes the next chunk; whether there is still something to look for. */
  boolean offer(byte[] bytes) {
    if (isHeader) {
      fields.offer(bytes);
    } else {
      text(decoder.decode(bytes, 0, bytes.length));
    }
    return !wanted.isEmpty();
  }

  /** The region has ended. */
  void finish() {
    if (isHeader) {
      fields.finish();
    } else {
      text(decoder.finish());
    }
  }

  private void text(String text) {
    String folded = CaseFold.fold(text);
    for (int i = wanted.size() - 1; i >= 0; i--) {
      if (searches.get(i).offer(folded)) {
        candidate.found(wanted.remove(i));
        searches.remove(i);
      }
    }
  }

  private void field(String name, String octets) {
    String value = EncodedWords.decode(octets);
    Iterator<ContentText> texts = wanted.iterator();
    while (texts.hasNext()) {
      ContentText text = texts.next();
      boolean isFound =
          text.where() == ContentText.Where.FIELD
              ? text.field().equals(name) && text.needle().isIn(value)
              : text.needle().isIn(name + ": " + value);
      if (isFound) {
        candidate.found(text);
        texts.remove();
      }
    }
  }
}
