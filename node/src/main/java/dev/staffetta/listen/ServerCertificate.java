package dev.staffetta.listen;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * A server's private key and its certificate.
 *
 * @param chain the server's own certificate first, then its issuers'
 */
record ServerCertificate(PrivateKey key, List<X509Certificate> chain) {
  private static final char[] NO_PASSWORD = new char[0];

  /** Sessions that clients may resume; more are forgotten, the oldest first. */
  private static final int SESSION_CACHE_SIZE = 2000;

  private static final int SESSION_LIFETIME_IN_SECONDS = 3600;

  /**
   * Reads both from PEM files, which may be the same.
   *
   * @param certificateFile certificates; the one that belongs to the key is the server's
   * @param keyFile a key in PKCS#8, PKCS#1 or SEC1, not encrypted
   */
  static ServerCertificate read(Path certificateFile, Path keyFile)
      throws InvalidCertificateException {
    List<X509Certificate> certificates = certificates(certificateFile);
    PrivateKey key = key(keyFile);
    Optional<X509Certificate> own =
        certificates.stream().filter(each -> belong(key, each.getPublicKey())).findFirst();
    if (own.isEmpty()) {
      throw new InvalidCertificateException(
          "the key in " + keyFile + " belongs to no certificate in " + certificateFile);
    }
    return new ServerCertificate(key, chain(own.get(), certificates));
  }

  /** All certificates of a PEM file, at least one. */
  static List<X509Certificate> certificates(Path file) throws InvalidCertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Object found : objects(file, "certificate")) {
      if (found instanceof X509CertificateHolder holder) {
        certificates.add(certificate(file, holder));
      }
    }
    if (certificates.isEmpty()) {
      throw new InvalidCertificateException(
          file + ": there is no certificate in it (-----BEGIN CERTIFICATE-----)");
    }
    return certificates;
  }

  /** From the server's own certificate upwards, whatever their order in the file. */
  private static List<X509Certificate> chain(X509Certificate own, List<X509Certificate> all) {
    List<X509Certificate> chain = new ArrayList<>();
    Optional<X509Certificate> next = Optional.of(own);
    while (next.isPresent()) {
      X509Certificate last = next.get();
      chain.add(last);
      next =
          all.stream()
              .filter(each -> !chain.contains(each))
              .filter(each -> each.getSubjectX500Principal().equals(last.getIssuerX500Principal()))
              .findFirst();
    }
    return List.copyOf(chain);
  }

  private static List<Object> objects(Path file, String what) throws InvalidCertificateException {
    List<Object> objects = new ArrayList<>();
    try (Reader reader = Files.newBufferedReader(file);
        PEMParser parser = new PEMParser(reader)) {
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        objects.add(next);
      }
      return objects;
    } catch (NoSuchFileException e) {
      throw new InvalidCertificateException(file + ": no such " + what + " file", e);
    } catch (IOException | RuntimeException e) {
      throw new InvalidCertificateException(file + ": cannot be read as PEM: " + e.getMessage(), e);
    }
  }

  private static X509Certificate certificate(Path file, X509CertificateHolder holder)
      throws InvalidCertificateException {
    try {
      return new JcaX509CertificateConverter().getCertificate(holder);
    } catch (GeneralSecurityException e) {
      throw new InvalidCertificateException(
          file + ": not a certificate that can be used: " + e.getMessage(), e);
    }
  }

  private static PrivateKey key(Path file) throws InvalidCertificateException {
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    try {
      for (Object found : objects(file, "key")) {
        if (found instanceof PrivateKeyInfo key) {
          return converter.getPrivateKey(key);
        }
        if (found instanceof PEMKeyPair pair) {
          return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
        if (found instanceof PKCS8EncryptedPrivateKeyInfo || found instanceof PEMEncryptedKeyPair) {
          throw new InvalidCertificateException(
              file + ": the key is encrypted; decrypt it with 'openssl pkey', and keep it private");
        }
      }
    } catch (IOException e) {
      throw new InvalidCertificateException(
          file + ": not a key that can be used: " + e.getMessage(), e);
    }
    throw new InvalidCertificateException(
        file + ": there is no private key in it (-----BEGIN PRIVATE KEY-----)");
  }

  /** Whether what one signs the other verifies. */
  private static boolean belong(PrivateKey key, PublicKey publicKey) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] challenge = new byte[32];
    new SecureRandom().nextBytes(challenge);
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(challenge);
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(publicKey);
      verifying.update(challenge);
      return verifying.verify(signing.sign());
    } catch (GeneralSecurityException e) {
      return false; // Of different kinds, then.
    }
  }

  /** The server's own certificate. */
  X509Certificate own() {
    return chain.get(0);
  }

  /** TLS with this certificate. */
  SSLContext context() throws InvalidCertificateException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys().getKeyManagers(), null, null);
      context.getServerSessionContext().setSessionCacheSize(SESSION_CACHE_SIZE);
      context.getServerSessionContext().setSessionTimeout(SESSION_LIFETIME_IN_SECONDS);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new InvalidCertificateException(
          "no TLS with the certificate of " + own().getSubjectX500Principal(), e);
    }
  }

  /** The key with its certificates, as TLS takes them. */
  KeyManagerFactory keys() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry("server", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, NO_PASSWORD);
    return keys;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ServerCertificate that
        && chain.equals(that.chain)
        && Arrays.equals(key.getEncoded(), that.key.getEncoded());
  }

  @Override
  public int hashCode() {
    return chain.hashCode();
  }

  /** Without the key: whose it is, by whom, and until when. */
  @Override
  public String toString() {
    return "certificate of %s issued by %s, valid until %s"
        .formatted(
            own().getSubjectX500Principal(),
            own().getIssuerX500Principal(),
            own().getNotAfter().toInstant());
  }
}
