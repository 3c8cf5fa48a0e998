package dev.staffetta.mime;

/**
 * How much of a message's structure is looked at and kept. What lies beyond is not lost: it only
 * becomes one part of type application/octet-stream, or is left out of the summary.
 *
 * @param depth parts within parts; a message within a message counts as two
 * @param parts in all
 * @param headerBytes kept of all fields of a message, what addresses and parameters take included
 * @param fieldBytes kept of a field that is part of the envelope
 * @param mimeFieldBytes kept of a Content- field
 * @param addresses in an address field
 * @param parameters in a field
 */
public record MimeLimits(
    int depth,
    int parts,
    int headerBytes,
    int fieldBytes,
    int mimeFieldBytes,
    int addresses,
    int parameters) {
  /**
   * Far above what programs make, and low enough that the worst message's summary takes less than a
   * megabyte.
   */
  public static final MimeLimits DEFAULT =
      new MimeLimits(64, 500, 160 * 1024, 64 * 1024, 8 * 1024, 1000, 64);
}
