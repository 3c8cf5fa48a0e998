package dev.staffetta.ports;

import dev.staffetta.mime.MessageSummary;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A message with other header fields at its start, seen so without a copy of it.
 *
 * @param message as it is; released with this
 * @param content names what it is now
 * @param head whole fields that stand at the start
 * @param dropped bytes of the message's start that are gone: whole fields, such as Return-Path
 */
public record ReheadedMessage(
    SpooledMessage message, ContentId content, ByteString head, int dropped)
    implements SpooledMessage {

  @Override
  public long size() {
    return message.size() + head.size() - dropped;
  }

  @Override
  public MessageSummary summary() {
    return message.summary().shifted(head.size() - dropped);
  }

  @Override
  public Source<ByteString, NotUsed> bytes() {
    Source<ByteString, NotUsed> rest =
        dropped == 0 ? message.bytes() : without(message.bytes(), dropped);
    return head.isEmpty() ? rest : Source.single(head).concat(rest);
  }

  @Override
  public Optional<ByteString> inMemory() {
    return message.inMemory().map(all -> head.concat(all.drop(dropped)));
  }

  private static Source<ByteString, NotUsed> without(
      Source<ByteString, NotUsed> bytes, int dropped) {
    return bytes.statefulMapConcat(
        () -> {
          int[] left = {dropped};
          return chunk -> {
            int gone = Math.min(left[0], chunk.size());
            left[0] -= gone;
            return gone == chunk.size() ? List.of() : List.of(chunk.drop(gone));
          };
        });
  }

  @Override
  public void release() {
    message.release();
  }
}
