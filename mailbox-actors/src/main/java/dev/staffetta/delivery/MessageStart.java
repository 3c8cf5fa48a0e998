package dev.staffetta.delivery;

import dev.staffetta.ports.SpooledMessage;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;

/**
 * What has to be known of a message's header before it goes on to another server.
 *
 * @param returnPath bytes of the Return-Path field that it begins with; 0: it has none there
 * @param deliveredTo addresses that it was forwarded from before, lower-case
 */
record MessageStart(int returnPath, Set<String> deliveredTo) {
  /** A header that is longer is looked at so far. */
  private static final int MAX_BYTES = 256 * 1024;

  private static final String DELIVERED_TO = "delivered-to:";

  /** Reads the header of a message. */
  static CompletionStage<MessageStart> of(SpooledMessage message, Materializer materializer) {
    Optional<ByteString> inMemory = message.inMemory();
    if (inMemory.isPresent()) {
      return CompletableFuture.completedStage(of(inMemory.get()));
    }
    return message
        .bytes()
        .scan(ByteString.emptyByteString(), ByteString::concat)
        .takeWhile(sofar -> sofar.size() < MAX_BYTES && !hasWholeHeader(sofar), true)
        .runWith(Sink.last(), materializer)
        .thenApply(MessageStart::of);
  }

  private static boolean hasWholeHeader(ByteString bytes) {
    return text(bytes).contains("\r\n\r\n");
  }

  static MessageStart of(ByteString bytes) {
    String text = text(bytes);
    int end = text.indexOf("\r\n\r\n");
    String header = end < 0 ? text : text.substring(0, end + 2);
    int returnPath =
        header.regionMatches(true, 0, "Return-Path:", 0, 12) ? header.indexOf("\r\n") + 2 : 0;
    Set<String> deliveredTo = new HashSet<>();
    for (String line : header.split("\r\n", -1)) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith(DELIVERED_TO)) {
        deliveredTo.add(lower.substring(DELIVERED_TO.length()).trim());
      }
    }
    return new MessageStart(Math.max(returnPath, 0), deliveredTo);
  }

  private static String text(ByteString bytes) {
    return bytes.take(MAX_BYTES).decodeString(StandardCharsets.ISO_8859_1);
  }
}
