package dev.staffetta.account;

import dev.staffetta.config.AccountSettings.Passwords;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Refusal;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Hashes and verifies passwords on threads of its own: so many at once as the settings say, since
 * each takes tens of megabytes, and so many waiting. For any thread.
 */
public final class PasswordVerifier implements AutoCloseable {
  private final Passwords settings;
  private final ThreadPoolExecutor threads;
  private final PasswordCache cache;

  /** What a password is compared with where there is none: costs the same, and never fits. */
  private final PasswordHash nobody;

  public PasswordVerifier(Passwords settings) {
    this.settings = settings;
    this.cache = new PasswordCache(settings.cacheFor(), settings.cacheSize(), System::nanoTime);
    this.nobody = PasswordHash.of("", settings);
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            settings.threads(),
            settings.threads(),
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(settings.queue()),
            task -> {
              Thread thread = new Thread(task, "password-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Hashes a new password. */
  public CompletionStage<PasswordHash> hash(String password) {
    return run(() -> PasswordHash.of(password, settings));
  }

  /**
   * Whether this is the account's password.
   *
   * @param hash empty: there is no such account; takes as long as a wrong password
   */
  CompletionStage<Boolean> verify(AccountId account, Optional<PasswordHash> hash, String password) {
    if (hash.isPresent() && cache.knows(account, password, hash.get())) {
      return CompletableFuture.completedStage(true);
    }
    return run(
        () -> {
          boolean isRight = hash.orElse(nobody).verify(password) && hash.isPresent();
          if (isRight) {
            cache.add(account, password, hash.get());
          }
          return isRight;
        });
  }

  /** Whether another hash of the same password would be better than this one. */
  boolean isOutdated(PasswordHash hash) {
    return !hash.isAsGoodAs(settings);
  }

  private <T> CompletionStage<T> run(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(work, threads);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedStage(
          new Refusal(Refusal.Code.UNAVAILABLE, "too many logins at once, try again later"));
    }
  }

  /** Hashes run, for tests: both a wrong password and an unknown user cost one. */
  long hashesRun() {
    return threads.getCompletedTaskCount();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
