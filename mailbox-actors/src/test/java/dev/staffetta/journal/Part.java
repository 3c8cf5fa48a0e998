package dev.staffetta.journal;

import java.util.concurrent.atomic.AtomicInteger;

/** A segment of tests; counts how often it was serialised. */
record Part(String text, AtomicInteger written) {
  Part(String text) {
    this(text, new AtomicInteger());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Part part && part.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
