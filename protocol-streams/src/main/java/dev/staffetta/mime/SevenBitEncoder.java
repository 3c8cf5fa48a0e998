package dev.staffetta.mime;

import dev.staffetta.mime.MessageSegment.Kind;
import dev.staffetta.mime.SevenBitForm.Change;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** Writes a message in its {@link SevenBitForm}, chunk by chunk. Used by one thread. */
public final class SevenBitEncoder {
  private final SevenBitForm form;
  private final List<MessageSegment> segments;
  private int current;
  private long offset;

  /** Of the current segment, where it changes. */
  private Optional<RewrittenHeader> header = Optional.empty();

  private Optional<TransferDecoder> decoder = Optional.empty();
  private Optional<TransferEncoder> encoder = Optional.empty();

  SevenBitEncoder(SevenBitForm form) {
    this.form = form;
    this.segments = form.segments();
    enter();
  }

  /** What the next chunk of the message completes. */
  public ByteString offer(ByteString chunk) {
    byte[] bytes = chunk.toArrayUnsafe();
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + bytes.length / 2);
    int at = 0;
    while (at < bytes.length && current < segments.size()) {
      int to = (int) Math.min(bytes.length, at + (segments.get(current).end() - offset));
      take(bytes, at, to, out);
      offset += to - at;
      at = to;
      leaveEnded(out);
    }
    out.write(bytes, at, bytes.length - at);
    return ByteString.fromArrayUnsafe(out.toByteArray());
  }

  /** What was held back; the message has ended. */
  public ByteString finish() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    leaveEnded(out);
    return ByteString.fromArrayUnsafe(out.toByteArray());
  }

  private void leaveEnded(ByteArrayOutputStream out) {
    while (current < segments.size() && offset >= segments.get(current).end()) {
      leave(out);
      current++;
      enter();
    }
  }

  private void enter() {
    header = Optional.empty();
    decoder = Optional.empty();
    encoder = Optional.empty();
    if (current == segments.size() || form.change(current).isEmpty()) {
      return;
    }
    Change change = form.change(current).get();
    MessageSegment segment = segments.get(current);
    if (segment.kind() == Kind.HEADER) {
      header =
          Optional.of(
              new RewrittenHeader(
                  segment.isOfMessage(), change.encoding(), change.dropsEncoding()));
    } else {
      decoder = Optional.of(TransferDecoder.of(segment.part().encoding()));
      encoder =
          change
              .encoding()
              .map(
                  name ->
                      name.equals("base64") ? new Base64Encoder() : new QuotedPrintableEncoder());
    }
  }

  private void take(byte[] bytes, int from, int to, ByteArrayOutputStream out) {
    if (header.isPresent()) {
      header.get().take(bytes, from, to, out);
    } else if (encoder.isPresent()) {
      byte[] octets = decoder.orElseThrow().decode(bytes, from, to);
      encoder.get().encode(octets, 0, octets.length, out);
    } else if (segments.get(current).kind() == Kind.BETWEEN) {
      // Text before, between and behind parts, which nobody shows (RFC 2046 5.1.1).
      for (int i = from; i < to; i++) {
        out.write(bytes[i] < 0 ? '?' : bytes[i]);
      }
    } else {
      out.write(bytes, from, to - from);
    }
  }

  private void leave(ByteArrayOutputStream out) {
    header.ifPresent(rewritten -> rewritten.finish(out));
    if (encoder.isPresent()) {
      byte[] octets = decoder.orElseThrow().finish();
      encoder.get().encode(octets, 0, octets.length, out);
      encoder.get().finish(out, form.isLastBody(current));
    }
  }
}
