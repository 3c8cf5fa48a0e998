package dev.staffetta.sharding;

import java.util.List;

/**
 * A value that may be too large for one message between nodes: it is divided into a label and
 * parts, and put together again where it was asked for. On its own node it stays what it is.
 *
 * @param <R> the value
 */
public interface Parcel<R> {
  /** About how large a part should be, in bytes: well below what Artery sends in one frame. */
  int PART_BYTES = 200 * 1024;

  /** The value itself. */
  R value();

  /** All that is not in the parts. */
  Label<R> label();

  /** How many parts. */
  int parts();

  /** The part with this number, from 0; made when it is asked for. */
  EntityMessage part(int number);

  /** The start of a parcel, which knows how to put it together. */
  interface Label<R> extends EntityMessage {
    /**
     * The value.
     *
     * @param parts in their order
     */
    R open(List<EntityMessage> parts);
  }
}
