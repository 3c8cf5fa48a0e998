package dev.staffetta.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.config.NodeSettings;
import dev.staffetta.config.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerCertificatesTest {
  @TempDir private Path directory;
  private Path certificateFile;
  private Path keyFile;

  @BeforeEach
  void files() {
    certificateFile = directory.resolve("chain.pem");
    keyFile = directory.resolve("key.pem");
  }

  private static TlsSettings settings(Optional<TlsSettings.Files> files) {
    return new TlsSettings(files, Duration.ofMinutes(1), Duration.ofSeconds(30));
  }

  private NodeSettings node() {
    return new NodeSettings(
        "node1", directory, Optional.of("mail.example.com"), Duration.ofSeconds(1));
  }

  private ServerCertificates open() throws InvalidCertificateException {
    return ServerCertificates.open(
        settings(Optional.of(new TlsSettings.Files(certificateFile, keyFile))), node());
  }

  private ServerCertificates openWithoutFiles() throws InvalidCertificateException {
    return ServerCertificates.open(settings(Optional.empty()), node());
  }

  /** Writes a pair and lets the files look as if it was done {@code at} another time. */
  private X509Certificate write(String name, Instant at) throws Exception {
    KeyPair keys = PemFiles.ecKeys();
    X509Certificate certificate = PemFiles.certificate(keys, name);
    PemFiles.write(certificateFile, certificate);
    PemFiles.write(keyFile, PemFiles.pkcs8(keys));
    touch(at);
    return certificate;
  }

  private void touch(Instant at) throws IOException {
    Files.setLastModifiedTime(certificateFile, java.nio.file.attribute.FileTime.from(at));
    Files.setLastModifiedTime(keyFile, java.nio.file.attribute.FileTime.from(at));
  }

  @Test
  void makesACertificateOnceAndKeepsTheKeyPrivate() throws Exception {
    X509Certificate made = openWithoutFiles().certificate();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(node().directory().resolve("tls.key"))))
        .isEqualTo("rw-------");
    assertThat(made.getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.get(1)))
        .contains("localhost", "mail.example.com", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(made.getNotAfter().toInstant()).isAfter(Instant.now().plus(Duration.ofDays(3600)));
    made.checkValidity();
    assertThat(openWithoutFiles().certificate()).isEqualTo(made);
  }

  @Test
  void offersTls12And13WithForwardSecrecyOnly() throws Exception {
    SSLEngine engine = openWithoutFiles().engine();
    assertThat(engine.getEnabledProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
    assertThat(engine.getEnabledCipherSuites())
        .contains("TLS_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
        .allMatch(suite -> !suite.contains("_CBC_") && !suite.startsWith("TLS_RSA_"));
  }

  @Test
  void readsEveryUsualKindOfKey() throws Exception {
    KeyPair rsa = PemFiles.rsaKeys();
    KeyPair ec = PemFiles.ecKeys();
    KeyPair ed = PemFiles.ed25519Keys();
    for (KeyPair keys : java.util.List.of(rsa, ec, ed)) {
      PemFiles.write(certificateFile, PemFiles.certificate(keys, "mail.example.com"));
      PemFiles.write(keyFile, PemFiles.pkcs8(keys));
      assertThat(open().certificate().getPublicKey()).isEqualTo(keys.getPublic());
    }
    for (KeyPair keys : java.util.List.of(rsa, ec)) {
      PemFiles.write(certificateFile, PemFiles.certificate(keys, "mail.example.com"));
      PemFiles.write(keyFile, PemFiles.traditional(keys));
      assertThat(Files.readString(keyFile)).containsPattern("BEGIN (RSA|EC) PRIVATE KEY");
      assertThat(open().certificate().getPublicKey()).isEqualTo(keys.getPublic());
    }
  }

  @Test
  void putsTheChainInOrder() throws Exception {
    KeyPair keys = PemFiles.ecKeys();
    KeyPair issuer = PemFiles.rsaKeys();
    X509Certificate own = PemFiles.certificate(keys, "mail.example.com", issuer, "Issuer");
    X509Certificate issuing = PemFiles.certificate(issuer, "Issuer");
    X509Certificate unrelated = PemFiles.certificate(PemFiles.ecKeys(), "Unrelated");
    PemFiles.write(certificateFile, unrelated, issuing, own);
    PemFiles.write(keyFile, PemFiles.pkcs8(keys));
    assertThat(open().certificate()).isEqualTo(own);
    assertThat(ServerCertificate.read(certificateFile, keyFile).chain())
        .containsExactly(own, issuing);
  }

  @Test
  void readsBothFromOneFile() throws Exception {
    KeyPair keys = PemFiles.ecKeys();
    X509Certificate own = PemFiles.certificate(keys, "mail.example.com");
    PemFiles.write(certificateFile, PemFiles.pkcs8(keys), own);
    keyFile = certificateFile;
    assertThat(open().certificate()).isEqualTo(own);
  }

  @Test
  void saysWhatIsWrongWithFiles() throws Exception {
    assertThatThrownBy(this::open).hasMessageContaining("chain.pem: no such certificate file");
    Files.writeString(certificateFile, "hello");
    assertThatThrownBy(this::open).hasMessageContaining("there is no certificate in it");
    Files.writeString(
        certificateFile, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assertThatThrownBy(this::open).hasMessageContaining("chain.pem: cannot be read as PEM");
    KeyPair keys = PemFiles.ecKeys();
    PemFiles.write(certificateFile, PemFiles.certificate(keys, "mail.example.com"));
    assertThatThrownBy(this::open).hasMessageContaining("key.pem: no such key file");
    PemFiles.write(keyFile, PemFiles.certificate(keys, "mail.example.com"));
    assertThatThrownBy(this::open).hasMessageContaining("there is no private key in it");
    PemFiles.write(keyFile, PemFiles.pkcs8(PemFiles.rsaKeys()));
    assertThatThrownBy(this::open).hasMessageContaining("belongs to no certificate");
    PemFiles.write(
        keyFile,
        new JcaPKCS8Generator(
            keys.getPrivate(),
            new JceOpenSSLPKCS8EncryptorBuilder(org.bouncycastle.openssl.PKCS8Generator.AES_256_CBC)
                .setProvider(new BouncyCastleProvider())
                .setPassword("secret".toCharArray())
                .build()));
    assertThatThrownBy(this::open).hasMessageContaining("the key is encrypted");
  }

  @Test
  void usesChangedFilesAndKeepsTheOldWhenTheyAreNoGood() throws Exception {
    Instant now = Instant.now();
    X509Certificate first = write("first.example.com", now.minusSeconds(100));
    ServerCertificates certificates = open();
    assertThat(certificates.certificate()).isEqualTo(first);

    certificates.reload();
    assertThat(certificates.certificate()).isEqualTo(first);

    // Only one of the two files is there yet.
    X509Certificate half = PemFiles.certificate(PemFiles.ecKeys(), "half.example.com");
    PemFiles.write(certificateFile, half);
    touch(now.minusSeconds(50));
    certificates.reload();
    assertThat(certificates.certificate()).isEqualTo(first);

    Files.delete(certificateFile);
    certificates.reload();
    assertThat(certificates.certificate()).isEqualTo(first);

    X509Certificate second = write("second.example.com", now);
    certificates.reload();
    assertThat(certificates.certificate()).isEqualTo(second);
  }
}
