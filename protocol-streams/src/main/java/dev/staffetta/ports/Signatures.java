package dev.staffetta.ports;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Signs messages for the domains they come from (DKIM, RFC 6376). */
public interface Signatures {
  /** Where no domain has a key. */
  Signatures NONE = (fromDomain, message) -> CompletableFuture.completedStage(Optional.empty());

  /**
   * The signature of a message, which may be read once only.
   *
   * @param fromDomain of the address in From
   * @param message as it will be sent: with all header fields, and CRLF line ends
   * @return one or more header fields, {@code DKIM-Signature: ...}, with the CRLF at their end, to
   *     stand before the message's first; empty where the domain has no key, and then the message
   *     was not read
   */
  CompletionStage<Optional<ByteString>> sign(
      String fromDomain, Source<ByteString, NotUsed> message);
}
