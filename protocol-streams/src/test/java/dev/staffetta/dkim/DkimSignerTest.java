package dev.staffetta.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.api.SignatureRecord;
import org.apache.james.jdkim.exceptions.FailException;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DkimSignerTest {
  /** RFC 8463 A.3. */
  private static final String MESSAGE =
      """
      From: Joe SixPack <joe@football.example.com>
      To: Suzie Q <suzie@shopping.example.net>
      Subject: Is dinner ready?
      Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
      Message-ID: <20030712040037.46341.5F8J@football.example.com>

      Hi.

      We lost the game.  Are you hungry yet?

      Joe.
      """
          .replace("\n", "\r\n");

  private static final Instant NOW = Instant.ofEpochSecond(1_750_000_000);

  private static ActorSystem system;

  @BeforeAll
  static void start() {
    system = ActorSystem.create("dkim");
  }

  @AfterAll
  static void stop() {
    system.terminate();
  }

  @Test
  void headersAndBodiesHaveTheRelaxedFormOfTheRfc() {
    // RFC 6376 3.4.5.
    List<HeaderField> fields = HeaderField.parse("A: X\r\nB : Y\t\r\n\tZ  \r\n");
    assertThat(fields).extracting(HeaderField::relaxed).containsExactly("a:X", "b:Y Z");
    assertThat(bodyHash(" C \r\nD \t E\r\n\r\n\r\n")).isEqualTo(sha256(" C\r\nD E\r\n"));
    // RFC 6376 3.4.4 has this one written out; not every verifier has it right.
    assertThat(bodyHash(""))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(bodyHash("\r\n \r\n")).isEqualTo(sha256(""));
    assertThat(bodyHash("a")).isEqualTo(sha256("a\r\n"));
    assertThat(bodyHash("\r\na\r\r\n \r\n\tb")).isEqualTo(sha256("\r\na\r\r\n\r\n b\r\n"));
  }

  @Test
  void theExampleOfTheRfcGetsItsSignature() throws Exception {
    // RFC 8463 A.
    byte[] seed = Base64.getDecoder().decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");
    byte[] pkcs8 =
        HexFormat.of()
            .parseHex("302e020100300506032b657004220420" + HexFormat.of().formatHex(seed));
    PrivateKey key = DkimAlgorithm.ED25519_SHA256.privateKey(pkcs8);
    String unsigned =
        String.join(
            "\r\n",
            " v=1; a=ed25519-sha256; c=relaxed/relaxed;",
            " d=football.example.com; i=@football.example.com;",
            " q=dns/txt; s=brisbane; t=1528637909; h=from : to :",
            " subject : date : message-id : from : subject : date;",
            " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;",
            " b=");
    MessageReader reader = new MessageReader();
    reader.update(ByteString.fromString(MESSAGE));
    assertThat(Base64.getEncoder().encodeToString(reader.finish()))
        .isEqualTo("2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
    byte[] octets =
        DkimSigner.signedOctets(
            HeaderField.parse(reader.header().orElseThrow()),
            List.of("from", "to", "subject", "date", "message-id", "from", "subject", "date"),
            unsigned);
    assertThat(Base64.getEncoder().encodeToString(DkimAlgorithm.ED25519_SHA256.sign(key, octets)))
        .isEqualTo(
            "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq"
                + "+eXdp1Q1Dw==");
  }

  @Test
  void anotherImplementationVerifiesRsa() throws Exception {
    KeyPair pair = DkimAlgorithm.RSA_SHA256.generate();
    for (String message :
        List.of(
            MESSAGE,
            MESSAGE + "\r\n\r\n",
            MESSAGE.replace("Subject: Is", "Subject: =?utf-8?q?a?=\r\n\t  Is  "),
            MESSAGE.replace("Hi.", "  h\tä  \r\n.\r\n\r\n\r\n "),
            MESSAGE.replace("To:", "Received: from x\r\nSender: a@b\r\nTO :"))) {
      String signed = sign(message, key(DkimAlgorithm.RSA_SHA256, pair)) + message;
      List<SignatureRecord> verified;
      try {
        verified = verifier(pair).verify(stream(signed));
      } catch (FailException e) {
        throw new AssertionError(signed, e);
      }
      assertThat(verified).hasSize(1);
      assertThat(verified.get(0).getDToken().toString()).isEqualTo("football.example.com");
    }
  }

  @Test
  void whatWasSignedCannotBeChangedAndNothingBeAdded() throws Exception {
    KeyPair pair = DkimAlgorithm.RSA_SHA256.generate();
    String signed = sign(MESSAGE, key(DkimAlgorithm.RSA_SHA256, pair)) + MESSAGE;
    for (String changed :
        List.of(
            signed.replace("lost", "won"),
            signed.replace("dinner", "lunch"),
            "From: eve@example.org\r\n" + signed,
            "Subject: another\r\n" + signed,
            "Content-Type: text/html\r\n" + signed)) {
      assertThatThrownBy(() -> verifier(pair).verify(stream(changed)))
          .isInstanceOf(FailException.class);
    }
  }

  @Test
  void linesOfTheSignatureAreShortAndAllKeysSign() {
    List<SigningKey> keys = new ArrayList<>();
    for (DkimAlgorithm algorithm : DkimAlgorithm.values()) {
      keys.add(key(algorithm, algorithm.generate()));
    }
    String fields = sign(MESSAGE, keys).orElseThrow();
    assertThat(fields).endsWith("\r\n").contains("a=rsa-sha256").contains("a=ed25519-sha256");
    assertThat(fields.split("\r\n")).allMatch(line -> line.length() <= 78);
    assertThat(fields.split("DKIM-Signature:")).hasSize(3);
    assertThat(keys.toString()).doesNotContain("PrivateKey");
  }

  @Test
  void aMessageWithoutFromIsNotSigned() {
    SigningKey key = key(DkimAlgorithm.ED25519_SHA256, DkimAlgorithm.ED25519_SHA256.generate());
    assertThat(sign("Subject: x\r\n\r\nFrom: a\r\n", List.of(key))).isEmpty();
    assertThat(sign("\r\nFrom: a\r\n", List.of(key))).isEmpty();
  }

  private static SigningKey key(DkimAlgorithm algorithm, KeyPair pair) {
    return new SigningKey("football.example.com", "sel", algorithm, pair.getPrivate());
  }

  private static DKIMVerifier verifier(KeyPair pair) {
    return new DKIMVerifier(
        (methods, selector, token) -> List.of(DkimAlgorithm.RSA_SHA256.record(pair.getPublic())));
  }

  private static String sign(String message, SigningKey key) {
    return sign(message, List.of(key)).orElseThrow();
  }

  /** In chunks of three octets, so that every boundary falls between two. */
  private static Optional<String> sign(String message, List<SigningKey> keys) {
    ByteString octets = ByteString.fromString(message, StandardCharsets.UTF_8);
    List<ByteString> chunks = new ArrayList<>();
    for (int from = 0; from < octets.size(); from += 3) {
      chunks.add(octets.slice(from, Math.min(from + 3, octets.size())));
    }
    return DkimSigner.sign(keys, NOW, Source.from(chunks), Materializer.matFromSystem(system))
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join()
        .map(ByteString::utf8String);
  }

  private static ByteArrayInputStream stream(String message) {
    return new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8));
  }

  private static String bodyHash(String body) {
    RelaxedBody relaxed = new RelaxedBody();
    for (byte octet : body.getBytes(StandardCharsets.UTF_8)) {
      relaxed.update(octet);
    }
    return HexFormat.of().formatHex(relaxed.finish());
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              java.security.MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
