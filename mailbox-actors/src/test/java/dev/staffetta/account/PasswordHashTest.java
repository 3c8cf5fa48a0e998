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

  @ParameterizedTest
  @ValueSource(
      strings = {
        // As doveadm pw 2.3 writes them.
        "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$fK5aSlaOGqrRpxHM+z37Xg$6c/sLLdNERCZOehnVLId/ev5WFkf7TgRu/bMSAc68LU",
        "{BLF-CRYPT}$2y$05$Ds3.K7mJTD65jR8nAugf4e7j9r796.w64wiDxIBANcCwMvlFwimDy",
        "{SHA512-CRYPT}$6$jbxFvJLltGHgW7Jt$n57c6NQJ.nSvyDSurMaHcqFLNfIFgKrmu4jj/uIPcPn48ktIZYyaSbQbsNHLef3oR/mcRLjrX9EOkiVRhKs39.",
        "{SHA256-CRYPT}$5$qPSBVMWB8ojSb4Kk$/Ei.8ZCOdHuE33ecbGIVgbbjHetOdbnuHUBQgnFITF1",
        "{SSHA512}fdMI3xscz68gpy9JPOgUdQeatFU8g62/jFLxa9veQFRJBLa1r8eT6JqyVngk/UBS44G/6Cv5VgnR6zJpTkFwImOzTWA=",
        "{SSHA256}yQkmO1/GRAfWu97X+9G79Fu4/ucB1yc0Bp1vDMzhrKr1Tmtv",
        "{SSHA}HvyxYCu5nv8Wiidb+NfGzRYdlCbRfOTV",
        "{PBKDF2}$1$ZAtFb02609uIDoR.$5000$d86f83be37bfe23c963357ba8a07ca063640e5e6",
        // As crypt(3) writes them.
        "$6$rounds=5000$cJfKk7AVaX5dkyFX$ntgNgIduOKF3nmJVMBFYqvOg1AQ6iU5yRzkFyp9jAiV1OzLe8RQm0gOocUL9MZsbT7oar9/s4hRjFHadgnMQg0",
        "{CRYPT}$5$rounds=5000$6ybTG0OdqeBehfwK$i8GvWBxk9vCZaEQ1SqsseQOE96e/G2l40wlH3GLKQ74",
        "$2b$05$hnMGez6WkMp7ucsrG6I8juw0tEgdkt/N6bSt1/ZM1iN5htgUz04lW"
      })
  void hashesOfOtherServersAreVerified(String text) {
    PasswordHash hash = PasswordHash.parse(text).orElseThrow();
    assertThat(hash.verify("pässword")).isTrue();
    assertThat(hash.verify("password")).isFalse();
    assertThat(hash.verify("")).isFalse();
    PasswordHash kept = PasswordHash.parse(hash.toString()).orElseThrow();
    assertThat(kept.verify("pässword")).isTrue();
    assertThat(kept.toString()).isEqualTo(hash.toString());
  }

  @Test
  void onlyArgon2idOfTheSameCostIsAsGoodAsANewHash() {
    assertThat(PasswordHash.of("x", CHEAP).isAsGoodAs(CHEAP)).isTrue();
    assertThat(PasswordHash.parse("{SSHA}HvyxYCu5nv8Wiidb+NfGzRYdlCbRfOTV").orElseThrow())
        .returns(false, hash -> hash.isAsGoodAs(CHEAP));
    Passwords dearer = new Passwords(1024, 3, 1, 1, 1, Duration.ofSeconds(1), 1);
    assertThat(PasswordHash.of("x", CHEAP).isAsGoodAs(dearer)).isFalse();
    assertThat(PasswordHash.of("x", dearer).isAsGoodAs(CHEAP)).isTrue();
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
        "{CRAM-MD5}5ca4c2d6b9f9e8b5a0a0d3c8a8c6b3d6",
        "{SSHA}HvyxYCu5nv8Wiidb+NfGzRYdlCY=",
        "{PBKDF2}$1$ZAtFb02609uIDoR.$5000000$d86f83be37bfe23c963357ba8a07ca063640e5e6",
        "$1$abcdefgh$irWbblnpmw.5z7wgBnprh0",
        "$2y$31$Ds3.K7mJTD65jR8nAugf4e7j9r796.w64wiDxIBANcCwMvlFwimDy",
        "$6$rounds=9999999$cJfKk7AVaX5dkyFX$ntgNgIduOKF3nmJVMBFYqvOg1AQ6iU5yRzkFyp9jAiV1OzLe8RQm0gOocUL9MZsbT7oar9/s4hRjFHadgnMQg0",
        "$argon2d$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
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
