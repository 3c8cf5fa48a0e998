package dev.staffetta.listen;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** Certificates and keys for tests, in PEM. */
final class PemFiles {
  private PemFiles() {}

  static KeyPair ecKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  static KeyPair rsaKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  static KeyPair ed25519Keys() throws GeneralSecurityException {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  /** Signed by itself. */
  static X509Certificate certificate(KeyPair keys, String name)
      throws GeneralSecurityException, OperatorCreationException {
    return certificate(keys, name, keys, name);
  }

  static X509Certificate certificate(KeyPair keys, String name, KeyPair issuer, String issuerName)
      throws GeneralSecurityException, OperatorCreationException {
    String algorithm =
        switch (issuer.getPrivate().getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "Ed25519";
        };
    Instant now = Instant.now();
    return new JcaX509CertificateConverter()
        .getCertificate(
            new JcaX509v3CertificateBuilder(
                    new X500Name("CN=" + issuerName),
                    BigInteger.valueOf(System.nanoTime()),
                    Date.from(now.minus(Duration.ofHours(1))),
                    Date.from(now.plus(Duration.ofDays(90))),
                    new X500Name("CN=" + name),
                    keys.getPublic())
                .build(new JcaContentSignerBuilder(algorithm).build(issuer.getPrivate())));
  }

  static void write(Path file, Object... objects) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      for (Object object : objects) {
        writer.writeObject(object);
      }
    }
    Files.writeString(file, text.toString());
  }

  static JcaPKCS8Generator pkcs8(KeyPair keys) throws IOException {
    return new JcaPKCS8Generator(keys.getPrivate(), null);
  }

  /** The key as PKCS#1, or as SEC1 the way that openssl writes it, with the curve's name. */
  static Object traditional(KeyPair keys) throws IOException {
    if (keys.getPrivate() instanceof ECPrivateKey key) {
      ASN1Object sec1 =
          new org.bouncycastle.asn1.sec.ECPrivateKey(
              256, key.getS(), SECObjectIdentifiers.secp256r1);
      return new PemObject("EC PRIVATE KEY", sec1.getEncoded());
    }
    return keys.getPrivate();
  }
}
