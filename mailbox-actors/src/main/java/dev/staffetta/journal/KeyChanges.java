package dev.staffetta.journal;

import java.util.List;

/**
 * An event that brings keys of its entity along: they are written in the event's own batch, so they
 * are there if the event is, and a writer that is not the entity any more changes none of them. It
 * is asked once, when the event is written.
 */
public interface KeyChanges {
  /** Keys of a range that only such entities use; see {@code dev.staffetta.store.Keys}. */
  List<KeyChange> keys();

  /**
   * A change of a key.
   *
   * @param value empty array: the key is there, without a value
   * @param isDeletion the key goes
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record KeyChange(byte[] key, byte[] value, boolean isDeletion) {
    /** Sets a key's value. */
    public static KeyChange put(byte[] key, byte[] value) {
      return new KeyChange(key, value, false);
    }

    /** Takes a key away. */
    public static KeyChange delete(byte[] key) {
      return new KeyChange(key, new byte[0], true);
    }
  }
}
