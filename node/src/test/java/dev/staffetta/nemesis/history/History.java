package dev.staffetta.nemesis.history;

import java.util.List;

/** All that clients did and saw, in any order. */
public record History(
    List<Operation> operations,
    List<Read> reads,
    List<Complaint> complaints,
    List<Isolation> isolations) {
  public History {
    operations = List.copyOf(operations);
    reads = List.copyOf(reads);
    complaints = List.copyOf(complaints);
    isolations = List.copyOf(isolations);
  }
}
