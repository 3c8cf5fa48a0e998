package dev.staffetta.account;

import dev.staffetta.config.AccountSettings.Throttle;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Slows down addresses that fail to log in. Loopback is let be: behind it is a webmail or a proxy,
 * whose users must not suffer from one another. For any thread.
 */
final class LoginThrottle {
  private final Throttle settings;
  private final LongSupplier nanoTime;

  /** Those not seen for longest come first; guarded by this. */
  private final Map<String, Failures> byClient = new LinkedHashMap<>(16, 0.75f, true);

  /** What is known of an address; guarded by the throttle. */
  private static final class Failures {
    private double count;
    private long since;
    private int waiting;
  }

  LoginThrottle(Throttle settings, LongSupplier nanoTime) {
    this.settings = settings;
    this.nanoTime = nanoTime;
  }

  /**
   * How long an attempt from this address has to wait; call {@link #waited} when it has.
   *
   * @return empty: too many wait already
   */
  synchronized Optional<Duration> admit(InetAddress client) {
    Failures failures = byClient.get(key(client));
    if (failures == null || client.isLoopbackAddress() || forget(failures) <= settings.failures()) {
      return Optional.of(Duration.ZERO);
    }
    if (failures.waiting >= settings.waiting()) {
      return Optional.empty();
    }
    failures.waiting++;
    return Optional.of(settings.delay());
  }

  /** An attempt that had to wait has waited. */
  synchronized void waited(InetAddress client) {
    Failures failures = byClient.get(key(client));
    if (failures != null && failures.waiting > 0) {
      failures.waiting--;
    }
  }

  /** An attempt failed. */
  synchronized void failed(InetAddress client) {
    Failures failures = byClient.computeIfAbsent(key(client), k -> new Failures());
    forget(failures);
    failures.count++;
    if (byClient.size() > settings.addresses()) {
      byClient.remove(byClient.keySet().iterator().next());
    }
  }

  private double forget(Failures failures) {
    long now = nanoTime.getAsLong();
    double forgotten = (now - failures.since) / (double) settings.forget().toNanos();
    failures.count = Math.max(0, failures.count - forgotten);
    failures.since = now;
    return failures.count;
  }

  /** Who has one address of IPv6 has 2^64 of them. */
  private static String key(InetAddress client) {
    byte[] address = client.getAddress();
    return HexFormat.of()
        .formatHex(address, 0, client instanceof Inet6Address ? 8 : address.length);
  }
}
