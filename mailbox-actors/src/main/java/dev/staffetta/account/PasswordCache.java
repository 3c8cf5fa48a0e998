package dev.staffetta.account;

import dev.staffetta.ports.AccountId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Passwords that were right a short while ago, so that a client which reconnects does not pay for
 * the hash again. Keeps a digest of account and password under a random key of this process, and
 * the hash it was verified against: once the account has another, the entry is worth nothing. For
 * any thread.
 */
final class PasswordCache {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final long keepNanos;
  private final int capacity;
  private final LongSupplier nanoTime;

  /** Least recently used first; guarded by itself. */
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private record Entry(String hash, long since) {}

  PasswordCache(Duration keep, int capacity, LongSupplier nanoTime) {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, ALGORITHM);
    this.keepNanos = keep.toNanos();
    this.capacity = capacity;
    this.nanoTime = nanoTime;
  }

  /** Whether this password was verified against this very hash of late. */
  boolean knows(AccountId account, String password, PasswordHash hash) {
    String digest = digest(account, password);
    synchronized (entries) {
      Entry entry = entries.get(digest);
      return entry != null
          && entry.hash().equals(hash.toString())
          && nanoTime.getAsLong() - entry.since() < keepNanos;
    }
  }

  /** The password was right. */
  void add(AccountId account, String password, PasswordHash hash) {
    if (keepNanos == 0) {
      return;
    }
    String digest = digest(account, password);
    synchronized (entries) {
      entries.put(digest, new Entry(hash.toString(), nanoTime.getAsLong()));
      if (entries.size() > capacity) {
        entries.remove(entries.keySet().iterator().next());
      }
    }
  }

  private String digest(AccountId account, String password) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(account.address().getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      byte[] digest = mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
