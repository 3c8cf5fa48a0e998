package dev.staffetta.listen;

import dev.staffetta.config.NodeSettings;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that a node makes for itself when it is given none: {@code tls.crt} and {@code
 * tls.key} in its directory, the key readable by its owner only. It is made once, so that a client
 * that was told to trust it need not be told again.
 */
final class SelfSignedCertificate {
  private static final Logger LOG = LoggerFactory.getLogger(SelfSignedCertificate.class);
  private static final int YEARS = 10;
  private static final String OWNER_ONLY = "rw-------";

  private SelfSignedCertificate() {}

  /** The one in the node's directory, made when there is none that is still valid. */
  static ServerCertificate of(NodeSettings node) throws InvalidCertificateException {
    Path directory = node.directory();
    Path certificateFile = directory.resolve("tls.crt");
    Path keyFile = directory.resolve("tls.key");
    if (Files.exists(certificateFile) && Files.exists(keyFile)) {
      ServerCertificate found = ServerCertificate.read(certificateFile, keyFile);
      if (found.own().getNotAfter().toInstant().isAfter(Instant.now())) {
        LOG.info("TLS with the node's own {} ({})", found, certificateFile);
        return found;
      }
    }
    try {
      Files.createDirectories(directory);
      KeyPair pair = keyPair();
      X509Certificate certificate = certificate(pair, node.hostName().orElse(machineName()));
      write(keyFile, pem(new JcaPKCS8Generator(pair.getPrivate(), null)));
      write(certificateFile, pem(certificate));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new InvalidCertificateException(
          "cannot make a certificate in " + directory + ": " + e.getMessage(), e);
    }
    ServerCertificate made = ServerCertificate.read(certificateFile, keyFile);
    LOG.warn(
        "no certificate is configured (staffetta.tls.certificate): made {} in {}; clients warn of"
            + " it until they are told to trust it",
        made,
        certificateFile);
    return made;
  }

  private static KeyPair keyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static X509Certificate certificate(KeyPair pair, String host)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    Instant now = Instant.now();
    Instant end = now.atOffset(ZoneOffset.UTC).plusYears(YEARS).toInstant();
    X500Name name = new X500NameBuilder().addRDN(BCStyle.CN, host).build();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(64, new SecureRandom()).setBit(63),
            Date.from(now.minusSeconds(3600)),
            Date.from(end),
            name,
            pair.getPublic());
    builder
        .addExtension(Extension.subjectAlternativeName, false, names(host))
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
        .addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
  }

  private static GeneralNames names(String host) {
    Set<GeneralName> names = new LinkedHashSet<>();
    names.add(new GeneralName(GeneralName.dNSName, "localhost"));
    names.add(new GeneralName(GeneralName.dNSName, host));
    names.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
    names.add(new GeneralName(GeneralName.iPAddress, "::1"));
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  private static String machineName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }

  /** Writes a file that is there whole or not at all, and never for others to read. */
  private static void write(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    boolean isPosix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        isPosix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY))
            }
            : new FileAttribute<?>[0];
    Files.createFile(draft, attributes);
    Files.write(draft, text.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
