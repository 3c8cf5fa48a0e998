package dev.staffetta.ports.memory;

import dev.staffetta.ports.Signatures;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Signs for the domains it was told of, with a field that names the domain and counts octets. */
public final class MemorySignatures implements Signatures {
  private final Materializer materializer;
  private final Set<String> domains = ConcurrentHashMap.newKeySet();

  public MemorySignatures(Materializer materializer) {
    this.materializer = materializer;
  }

  /** Has a key from now on. */
  public void addKey(String domain) {
    domains.add(domain);
  }

  @Override
  public CompletionStage<Optional<ByteString>> sign(
      String fromDomain, Source<ByteString, NotUsed> message) {
    if (!domains.contains(fromDomain)) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return message
        .map(chunk -> (long) chunk.size())
        .runWith(Sink.fold(0L, Long::sum), materializer)
        .thenApply(octets -> Optional.of(ByteString.fromString(field(fromDomain, octets))));
  }

  /** The field that a message of this size gets. */
  public static String field(String domain, long octets) {
    return "DKIM-Signature: v=1; d=" + domain + "; x-octets=" + octets + "\r\n";
  }
}
