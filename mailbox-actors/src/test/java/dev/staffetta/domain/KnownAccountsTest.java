package dev.staffetta.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.AccountId;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KnownAccountsTest {
  private static final AccountId ALICE = new AccountId("alice@example.com");

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
  private final KnownAccounts known = new KnownAccounts(clock::get);

  @Test
  void aDomainsWordHoldsForTheLeaseFromTheQuestionOn() {
    long asked = known.now();
    clock.addAndGet(KnownAccounts.LEASE.toNanos() / 2);
    known.add(ALICE, asked);
    assertThat(known.has(new AccountId("Alice@example.com"))).isTrue();
    clock.addAndGet(KnownAccounts.LEASE.toNanos() / 2);
    assertThat(known.has(ALICE)).isFalse();
  }

  @Test
  void whatNobodySaidIsNotKnown() {
    assertThat(known.has(ALICE)).isFalse();
  }
}
