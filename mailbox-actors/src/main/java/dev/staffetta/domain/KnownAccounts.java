package dev.staffetta.domain;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.staffetta.ports.AccountId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Accounts that their domains told this node of not long ago, so that a busy node asks once in
 * {@link #LEASE}, not twice a message.
 *
 * <p>Nobody is lied to: a domain's word holds for the lease from when it was asked for, and whoever
 * removes an account is told that it is done no sooner than the last lease has ended. That nobody
 * has an address is never remembered: a new account takes mail at once. Thread-safe.
 */
final class KnownAccounts {
  /** How long a domain's word holds; as long does the removal of an account take. */
  static final Duration LEASE = Duration.ofSeconds(2);

  private static final int MOST = 50_000;

  private final Cache<AccountId, Long> askedAt =
      CacheBuilder.newBuilder().maximumSize(MOST).build();
  private final LongSupplier nanoTime;

  KnownAccounts(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Now, for {@link #add}. */
  long now() {
    return nanoTime.getAsLong();
  }

  /** Whether the domain's word that there is such an account holds still. */
  boolean has(AccountId account) {
    Optional<Long> asked = Optional.ofNullable(askedAt.getIfPresent(account));
    return asked.isPresent() && now() - asked.get() < LEASE.toNanos();
  }

  /**
   * The domain said that there is such an account.
   *
   * @param asked before the question was sent
   */
  void add(AccountId account, long asked) {
    askedAt.put(account, asked);
  }
}
