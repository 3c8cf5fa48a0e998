package dev.staffetta.smtp.sink;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate for a server, and the authority that signed it, both made for one test. */
public final class SinkCertificate {
  private static final char[] NO_PASSWORD = new char[0];
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final KeyPair serverKeys = keys();
  private final X509Certificate authority;
  private final X509Certificate server;

  private SinkCertificate(Instant from, Instant to, String... names) {
    try {
      KeyPair authorityKeys = keys();
      X500Name issuer = new X500Name("CN=Authority " + SERIAL.get());
      Instant now = Instant.now();
      authority =
          sign(
              builder(
                      issuer,
                      now.minus(Duration.ofDays(900)),
                      now.plus(Duration.ofDays(900)),
                      issuer,
                      authorityKeys)
                  .addExtension(Extension.basicConstraints, true, new BasicConstraints(true)),
              authorityKeys);
      GeneralName[] alternatives =
          Arrays.stream(names)
              .map(name -> new GeneralName(GeneralName.dNSName, name))
              .toArray(GeneralName[]::new);
      server =
          sign(
              builder(issuer, from, to, new X500Name("CN=" + names[0]), serverKeys)
                  .addExtension(
                      Extension.subjectAlternativeName, false, new GeneralNames(alternatives)),
              authorityKeys);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("no certificate for the test", e);
    }
  }

  /** A good one for these names. */
  public static SinkCertificate of(String... names) {
    Instant now = Instant.now();
    return new SinkCertificate(now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(1)), names);
  }

  /** One that was good until yesterday. */
  public static SinkCertificate expired(String... names) {
    Instant now = Instant.now();
    return new SinkCertificate(now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)), names);
  }

  /** The server's. */
  public X509Certificate server() {
    return server;
  }

  /** The one that signed it. */
  public X509Certificate authority() {
    return authority;
  }

  /** Trusts its authority, and no other. */
  public X509TrustManager trust() {
    try {
      KeyStore store = empty();
      store.setCertificateEntry("authority", authority);
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return (X509TrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no trust for the test", e);
    }
  }

  /** For the server's side: the whole chain. */
  SSLContext context() {
    try {
      KeyStore store = empty();
      store.setKeyEntry(
          "server",
          serverKeys.getPrivate(),
          NO_PASSWORD,
          List.of(server, authority).toArray(new X509Certificate[0]));
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store, NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no TLS for the test", e);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no keys for the test", e);
    }
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer, Instant from, Instant to, X500Name subject, KeyPair keys) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        BigInteger.valueOf(SERIAL.getAndIncrement()),
        Date.from(from),
        Date.from(to),
        subject,
        keys.getPublic());
  }

  private static X509Certificate sign(
      org.bouncycastle.cert.X509v3CertificateBuilder builder, KeyPair by)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate())));
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load((InputStream) null, NO_PASSWORD);
    return store;
  }
}
