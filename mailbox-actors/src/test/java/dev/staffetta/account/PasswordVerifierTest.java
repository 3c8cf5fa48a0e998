package dev.staffetta.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.config.AccountSettings.Passwords;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordVerifierTest {
  private static final AccountId ALICE = new AccountId("alice@example.com");

  private final PasswordVerifier verifier =
      new PasswordVerifier(new Passwords(256, 1, 1, 1, 3, Duration.ofMinutes(1), 10));

  @AfterEach
  void close() {
    verifier.close();
  }

  private boolean verify(Optional<PasswordHash> hash, String password) throws Exception {
    return verifier.verify(ALICE, hash, password).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private PasswordHash hash(String password) throws Exception {
    return verifier.hash(password).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /** Time differs by what is computed: for both it is one hash. */
  @Test
  void unknownUserCostsWhatAWrongPasswordCosts() throws Exception {
    Optional<PasswordHash> hash = Optional.of(hash("right"));
    awaitHashes(1);
    assertThat(verify(hash, "wrong")).isFalse();
    awaitHashes(2);
    assertThat(verify(Optional.empty(), "wrong")).isFalse();
    awaitHashes(3);
    assertThat(verify(Optional.empty(), "")).isFalse();
    awaitHashes(4);
  }

  private void awaitHashes(long hashes) {
    org.awaitility.Awaitility.await().until(() -> verifier.hashesRun() == hashes);
  }

  @Test
  void rightPasswordIsHashedOnceUntilItChanges() throws Exception {
    Optional<PasswordHash> hash = Optional.of(hash("right"));
    assertThat(verify(hash, "right")).isTrue();
    awaitHashes(2);
    assertThat(verify(hash, "right")).isTrue();
    assertThat(verify(Optional.of(hash("new")), "right")).isFalse();
    awaitHashes(4);
  }

  @Test
  void moreThanMayWaitAreRefused() {
    List<CompletableFuture<PasswordHash>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(verifier.hash("x").toCompletableFuture());
    }
    List<CompletableFuture<PasswordHash>> refused =
        all.stream().filter(CompletableFuture::isCompletedExceptionally).toList();
    assertThat(refused).isNotEmpty();
    assertThatThrownBy(() -> refused.get(0).get())
        .satisfies(
            failure -> assertThat(Refusal.of(failure).code()).isEqualTo(Refusal.Code.UNAVAILABLE));
  }

  @Test
  void rememberedPasswordIsForgottenInTime() {
    long[] now = {0};
    PasswordCache cache = new PasswordCache(Duration.ofSeconds(10), 2, () -> now[0]);
    PasswordHash hash =
        PasswordHash.of("x", new Passwords(64, 1, 1, 1, 1, Duration.ofSeconds(1), 1));
    cache.add(ALICE, "x", hash);
    assertThat(cache.knows(ALICE, "x", hash)).isTrue();
    assertThat(cache.knows(ALICE, "y", hash)).isFalse();
    assertThat(cache.knows(new AccountId("bob@example.com"), "x", hash)).isFalse();
    now[0] = Duration.ofSeconds(10).toNanos();
    assertThat(cache.knows(ALICE, "x", hash)).isFalse();
    cache.add(ALICE, "1", hash);
    cache.add(ALICE, "2", hash);
    cache.add(ALICE, "3", hash);
    assertThat(cache.knows(ALICE, "1", hash)).isFalse();
    assertThat(cache.knows(ALICE, "3", hash)).isTrue();
  }
}
