package dev.staffetta.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.config.AccountSettings.Passwords;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
  private static final Passwords CHEAP = new Passwords(64, 1, 1, 1, 10, Duration.ofMinutes(1), 10);

  /** What the reference implementation of Argon2 makes of "password" and the salt "somesalt". */
  @Test
  void hashesOfOthersAreVerified() {
    PasswordHash hash =
        PasswordHash.parse(
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
            .orElseThrow();
    assertThat(hash.verify("password")).isTrue();
    assertThat(hash.verify("Password")).isFalse();
  }

  @Test
  void ownHashesAreReadAgain() {
    PasswordHash hash = PasswordHash.of("pässword", CHEAP);
    PasswordHash read = PasswordHash.parse(hash.toString()).orElseThrow();
    assertThat(read.verify("pässword")).isTrue();
    assertThat(read.verify("")).isFalse();
    assertThat(PasswordHash.of("pässword", CHEAP).toString()).isNotEqualTo(hash.toString());
  }

  @Test
  void composedAndDecomposedCharactersAreTheSame() {
    assertThat(PasswordHash.of("p\u00e4ss", CHEAP).verify("pa\u0308ss")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=9999999,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=64,t=999,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=64,t=1,p=99$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=64,t=1,p=0$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
      })
  void whatIsNoHashOrCostsTooMuchIsNotRead(String text) {
    assertThat(PasswordHash.parse(text)).isEmpty();
  }
}
