package dev.staffetta.dkim;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** How a signature is made. */
public enum DkimAlgorithm {
  /** RFC 6376 3.3.1. */
  RSA_SHA256("rsa-sha256", "rsa", "RSA", "SHA256withRSA"),
  /** RFC 8463; some receivers cannot verify it yet, so it stands beside the other. */
  ED25519_SHA256("ed25519-sha256", "ed25519", "Ed25519", "Ed25519");

  /** Every receiver takes 2048 bits (RFC 8301 3.2), and its record still fits a packet. */
  private static final int RSA_BITS = 2048;

  private static final int ED25519_KEY_IN_BYTES = 32;

  private final String tag;
  private final String keyType;
  private final String keyAlgorithm;
  private final String signatureAlgorithm;

  DkimAlgorithm(String tag, String keyType, String keyAlgorithm, String signatureAlgorithm) {
    this.tag = tag;
    this.keyType = keyType;
    this.keyAlgorithm = keyAlgorithm;
    this.signatureAlgorithm = signatureAlgorithm;
  }

  /** As it stands in a signature: {@code rsa-sha256}. */
  public String tag() {
    return tag;
  }

  /** The algorithm of a tag. */
  public static DkimAlgorithm ofTag(String tag) {
    return Arrays.stream(values())
        .filter(algorithm -> algorithm.tag.equals(tag))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no algorithm is called '" + tag + "'"));
  }

  /** As it stands in a DNS record: {@code rsa}. */
  public String keyType() {
    return keyType;
  }

  /** A new key. */
  public KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(keyAlgorithm);
      if (this == RSA_SHA256) {
        generator.initialize(RSA_BITS);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + keyAlgorithm, e);
    }
  }

  /** A private key from its PKCS#8 form. */
  public PrivateKey privateKey(byte[] pkcs8) throws GeneralSecurityException {
    return KeyFactory.getInstance(keyAlgorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  /** The text of the DNS record that publishes a key (RFC 6376 3.6.1, RFC 8463 4). */
  public String record(PublicKey key) {
    byte[] encoded = key.getEncoded();
    byte[] published =
        this == RSA_SHA256
            ? encoded
            : Arrays.copyOfRange(encoded, encoded.length - ED25519_KEY_IN_BYTES, encoded.length);
    return "v=DKIM1; k=" + keyType + "; p=" + Base64.getEncoder().encodeToString(published);
  }

  /** Signs what a header's canonical form is. */
  byte[] sign(PrivateKey key, byte[] data) {
    try {
      Signature signature = Signature.getInstance(signatureAlgorithm);
      signature.initSign(key);
      // RFC 8463 3: of Ed25519 the digest is signed.
      signature.update(
          this == RSA_SHA256 ? data : MessageDigest.getInstance("SHA-256").digest(data));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with a key of " + tag, e);
    }
  }
}
