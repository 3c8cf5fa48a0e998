package dev.staffetta.journal;

/** An event that may say that it is to be written even when the disk is nearly full. */
public interface MakesRoom {
  /**
   * Whether it leaves the disk emptier, sooner or later, or is on the way to that: a removal, or
   * the mark that leads to one.
   */
  boolean makesRoom();
}
