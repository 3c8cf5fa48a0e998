package dev.staffetta.journal;

import java.util.List;

/** A segmented snapshot of tests. */
record Pages(String title, List<Part> parts) implements SegmentedSnapshot {
  record Cover(String title) implements Root {
    @Override
    public Object withSegments(List<Object> segments) {
      return new Pages(title, segments.stream().map(Part.class::cast).toList());
    }
  }

  @Override
  public Root root() {
    return new Cover(title);
  }

  @Override
  public List<?> segments() {
    return parts;
  }
}
