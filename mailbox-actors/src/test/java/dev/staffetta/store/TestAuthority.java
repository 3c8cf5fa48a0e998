package dev.staffetta.store;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs certificates for the nodes of a test on the loopback. */
final class TestAuthority {
  private final Path directory;
  private final KeyPair keys = keys();
  private final X500Name name;
  private final Path certificate;

  TestAuthority(Path directory, String name) throws Exception {
    this.directory = Files.createDirectories(directory);
    this.name = new X500Name("CN=" + name);
    X509v3CertificateBuilder builder = builder(this.name, keys);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    this.certificate = write(name + ".crt", "CERTIFICATE", sign(builder).getEncoded());
  }

  /** What a node proves itself with, signed by this authority. */
  TransportSecurity issue(String node) throws Exception {
    KeyPair mine = keys();
    X509v3CertificateBuilder builder = builder(new X500Name("CN=" + node), mine);
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
    return new TransportSecurity(
        write(node + ".key", "PRIVATE KEY", mine.getPrivate().getEncoded()),
        write(node + ".crt", "CERTIFICATE", sign(builder).getEncoded()),
        certificate);
  }

  private X509v3CertificateBuilder builder(X500Name subject, KeyPair subjectKeys) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        name,
        BigInteger.valueOf(System.nanoTime()),
        Date.from(now.minus(Duration.ofHours(1))),
        Date.from(now.plus(Duration.ofHours(1))),
        subject,
        subjectKeys.getPublic());
  }

  private X509Certificate sign(X509v3CertificateBuilder builder)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }

  private Path write(String file, String kind, byte[] der) throws IOException {
    return Files.writeString(
        directory.resolve(file),
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(kind, Base64.getMimeEncoder(64, new byte[] {10}).encodeToString(der), kind));
  }

  private static KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }
}
