package dev.staffetta.relay.route;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A web server on loopback with a certificate for one name, which answers as a test says. */
public final class PolicyServer implements AutoCloseable {
  private static final char[] PASSWORD = "test".toCharArray();

  private final HttpsServer server;
  private final SSLContext trusting;
  private final AtomicInteger requests = new AtomicInteger();
  private final List<Posted> posted = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile String type = "text/plain";
  private volatile String body = "";

  /** What was posted to it. */
  @SuppressWarnings("ArrayRecordComponent") // of a test
  public record Posted(String path, String type, byte[] body) {}

  private PolicyServer(HttpsServer server, SSLContext trusting) {
    this.server = server;
    this.trusting = trusting;
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          boolean isPost = exchange.getRequestMethod().equals("POST");
          if (isPost) {
            posted.add(
                new Posted(
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("Content-Type"),
                    exchange.getRequestBody().readAllBytes()));
          }
          boolean isKnown =
              isPost || exchange.getRequestURI().getPath().equals("/.well-known/mta-sts.txt");
          exchange.getResponseHeaders().set("Content-Type", type);
          exchange.getResponseHeaders().set("Location", "/.well-known/mta-sts.txt");
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(isKnown ? status : 404, bytes.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
          }
        });
    server.start();
  }

  /** With a certificate for a name, signed by itself. */
  public static PolicyServer start(String name) {
    try {
      KeyStore store = store(name);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD);
      SSLContext own = SSLContext.getInstance("TLS");
      own.init(keys.getKeyManagers(), null, null);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, PASSWORD);
      trusted.setCertificateEntry("it", store.getCertificate("it"));
      trust.init(trusted);
      SSLContext trusting = SSLContext.getInstance("TLS");
      trusting.init(null, trust.getTrustManagers(), null);
      HttpsServer server =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
      server.setHttpsConfigurator(new HttpsConfigurator(own));
      return new PolicyServer(server, trusting);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore store(String name)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    X500Name subject = new X500Name("CN=" + name);
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            subject,
            BigInteger.ONE,
            Date.from(now.minus(1, ChronoUnit.HOURS)),
            Date.from(now.plus(1, ChronoUnit.DAYS)),
            subject,
            pair.getPublic());
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
    Certificate certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, PASSWORD);
    store.setKeyEntry("it", pair.getPrivate(), PASSWORD, new Certificate[] {certificate});
    return store;
  }

  /** Answers so from now on. */
  public void answer(int newStatus, String newType, String newBody) {
    status = newStatus;
    type = newType;
    body = newBody;
  }

  /** Trusts its certificate and no other. */
  public SSLContext trusting() {
    return trusting;
  }

  public List<Posted> posted() {
    return List.copyOf(posted);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public int requests() {
    return requests.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
