package dev.staffetta.domain;

import dev.staffetta.account.Addresses;
import dev.staffetta.dkim.DkimSigner;
import dev.staffetta.dkim.SigningKey;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.Signatures;
import dev.staffetta.sharding.Shards;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Signatures} with the keys of the domains' entities. A node remembers a domain's keys for a
 * short time: a change is felt everywhere when it is over.
 */
public final class DomainSignatures implements Signatures {
  private static final Logger LOG = LoggerFactory.getLogger(DomainSignatures.class);

  private static final Duration REMEMBERED = Duration.ofSeconds(30);

  /** Senders choose the domains, so there may be many. */
  private static final int MAX_REMEMBERED = 10_000;

  private final Shards shards;
  private final Clock clock;
  private final Materializer materializer;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  private record Known(List<SigningKey> keys, Instant until) {}

  public DomainSignatures(Shards shards, Clock clock, Materializer materializer) {
    this.shards = shards;
    this.clock = clock;
    this.materializer = materializer;
  }

  @Override
  public CompletionStage<Optional<ByteString>> sign(
      String fromDomain, Source<ByteString, NotUsed> message) {
    return keys(fromDomain.toLowerCase(Locale.ROOT))
        .thenCompose(
            keys ->
                keys.isEmpty()
                    ? CompletableFuture.completedStage(Optional.empty())
                    : DkimSigner.sign(keys, clock.instant(), message, materializer));
  }

  private CompletionStage<List<SigningKey>> keys(String domain) {
    if (!Addresses.isDomain(domain)) {
      return CompletableFuture.completedStage(List.of());
    }
    Known remembered = known.get(domain);
    if (remembered != null && clock.instant().isBefore(remembered.until())) {
      return CompletableFuture.completedStage(remembered.keys());
    }
    return shards
        .ask(shards.entity(ShardedDirectory.DOMAINS, domain), DomainCommand.ListDkimKeys::new)
        .thenApply(all -> signing(domain, all))
        .exceptionally(DomainSignatures::noneIfNoDomain)
        .thenApply(keys -> remember(domain, keys));
  }

  private List<SigningKey> remember(String domain, List<SigningKey> keys) {
    if (known.size() >= MAX_REMEMBERED) {
      known.clear();
    }
    known.put(domain, new Known(keys, clock.instant().plus(REMEMBERED)));
    return keys;
  }

  private static List<SigningKey> noneIfNoDomain(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof Refusal refusal && refusal.code() == Refusal.Code.NONEXISTENT) {
      return List.of();
    }
    throw cause instanceof RuntimeException unchecked ? unchecked : new CompletionException(cause);
  }

  private static List<SigningKey> signing(String domain, DomainKeys all) {
    List<SigningKey> keys = new ArrayList<>();
    for (DomainKey key : all.keys()) {
      if (key.isActive()) {
        try {
          byte[] pkcs8 = Base64.getDecoder().decode(key.privateKey());
          keys.add(
              new SigningKey(
                  domain, key.selector(), key.algorithm(), key.algorithm().privateKey(pkcs8)));
        } catch (GeneralSecurityException e) {
          LOG.error("the key {} of {} cannot be read, nothing is signed with it", key, domain, e);
        }
      }
    }
    return List.copyOf(keys);
  }
}
