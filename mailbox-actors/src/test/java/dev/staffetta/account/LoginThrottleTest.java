package dev.staffetta.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.config.AccountSettings.Throttle;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
  private static final Duration DELAY = Duration.ofSeconds(3);

  private final long[] now = {1_000_000_000_000L};
  private final LoginThrottle throttle =
      new LoginThrottle(new Throttle(2, Duration.ofMinutes(1), DELAY, 2, 3), () -> now[0]);

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private void fail(String client, int times) {
    for (int i = 0; i < times; i++) {
      throttle.failed(address(client));
    }
  }

  @Test
  void manyFailuresMakeOneWait() {
    fail("192.0.2.1", 2);
    assertThat(throttle.admit(address("192.0.2.1"))).contains(Duration.ZERO);
    fail("192.0.2.1", 1);
    assertThat(throttle.admit(address("192.0.2.1"))).contains(DELAY);
    assertThat(throttle.admit(address("192.0.2.1"))).contains(DELAY);
    assertThat(throttle.admit(address("192.0.2.1"))).isEmpty();
    assertThat(throttle.admit(address("192.0.2.2"))).contains(Duration.ZERO);
    throttle.waited(address("192.0.2.1"));
    assertThat(throttle.admit(address("192.0.2.1"))).contains(DELAY);
  }

  @Test
  void failuresAreForgottenOneByOne() {
    fail("192.0.2.1", 4);
    now[0] += Duration.ofMinutes(1).toNanos();
    assertThat(throttle.admit(address("192.0.2.1"))).contains(DELAY);
    now[0] += Duration.ofMinutes(1).toNanos();
    assertThat(throttle.admit(address("192.0.2.1"))).contains(Duration.ZERO);
  }

  @Test
  void addressesOfOneNetworkOfIpv6AreOne() {
    fail("2001:db8:1:2::1", 3);
    assertThat(throttle.admit(address("2001:db8:1:2:ffff::9"))).contains(DELAY);
    assertThat(throttle.admit(address("2001:db8:1:3::1"))).contains(Duration.ZERO);
  }

  @Test
  void loopbackIsLetBe() {
    fail("127.0.0.1", 100);
    assertThat(throttle.admit(address("127.0.0.1"))).contains(Duration.ZERO);
  }

  @Test
  void onlySoManyAddressesAreRemembered() {
    fail("192.0.2.1", 5);
    fail("192.0.2.2", 1);
    fail("192.0.2.3", 1);
    fail("192.0.2.4", 1);
    assertThat(throttle.admit(address("192.0.2.1"))).contains(Duration.ZERO);
  }
}
