package dev.staffetta.listen;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An authority of its own, and what it has issued for a node on 127.0.0.1.
 *
 * @param key in PKCS#8
 */
public record PeerFiles(Path certificate, Path key, Path ca) {
  /** New ones in a new directory. */
  public static PeerFiles in(Path directory)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    Files.createDirectories(directory);
    PeerFiles files =
        new PeerFiles(
            directory.resolve("node.crt"),
            directory.resolve("node.key"),
            directory.resolve("ca.crt"));
    KeyPair authority = PemFiles.ecKeys();
    KeyPair node = PemFiles.ecKeys();
    PemFiles.write(files.ca(), certificate(authority, "ca", authority, true));
    PemFiles.write(files.certificate(), certificate(node, "node", authority, false));
    PemFiles.write(files.key(), PemFiles.pkcs8(node));
    return files;
  }

  private static X509Certificate certificate(
      KeyPair keys, String name, KeyPair issuer, boolean isAuthority)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=ca"),
            BigInteger.valueOf(System.nanoTime()),
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(now.plus(Duration.ofDays(1))),
            new X500Name("CN=" + name),
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
  }
}
