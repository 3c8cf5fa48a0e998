package dev.staffetta.cluster;

import dev.staffetta.config.ClusterSettings;
import dev.staffetta.listen.InvalidCertificateException;
import dev.staffetta.listen.PeerCertificate;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * Mutual TLS between the actors of two nodes: each shows a certificate that the cluster's CA has
 * issued, and takes no other. Names in certificates are not compared with addresses, since whoever
 * has a certificate of this CA may do all that a node may.
 *
 * <p>The files are read again now and then, so that certificates are renewed without a restart.
 * Safe for threads.
 */
final class PeerTls implements SSLEngineProvider {
  private static final Logger LOG = LoggerFactory.getLogger(PeerTls.class);
  private static final Duration BETWEEN_READS = Duration.ofMinutes(5);
  private static final String[] PROTOCOLS = {"TLSv1.3"};

  private final ClusterSettings.Tls files;

  /** Guarded by this. */
  private SSLContext context;

  /** Guarded by this. */
  private long lastRead;

  private PeerTls(ClusterSettings.Tls files, SSLContext context) {
    this.files = files;
    this.context = context;
    this.lastRead = System.nanoTime();
  }

  static PeerTls of(ClusterSettings.Tls files) throws InvalidCertificateException {
    return new PeerTls(files, read(files));
  }

  private static SSLContext read(ClusterSettings.Tls files) throws InvalidCertificateException {
    return PeerCertificate.context(files.certificate(), files.key(), files.ca());
  }

  @Override
  public SSLEngine createServerSSLEngine(String host, int port) {
    SSLEngine engine = engine();
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    return engine;
  }

  @Override
  public SSLEngine createClientSSLEngine(String host, int port) {
    SSLEngine engine = engine();
    engine.setUseClientMode(true);
    return engine;
  }

  private SSLEngine engine() {
    SSLEngine engine = current().createSSLEngine();
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setCipherSuites(
        Arrays.stream(engine.getSupportedCipherSuites())
            .filter(suite -> suite.startsWith("TLS_AES_") || suite.startsWith("TLS_CHACHA20_"))
            .toArray(String[]::new));
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** A file that is no good leaves the old certificate in use. */
  private synchronized SSLContext current() {
    long now = System.nanoTime();
    if (now - lastRead > BETWEEN_READS.toNanos()) {
      lastRead = now;
      try {
        context = read(files);
      } catch (InvalidCertificateException e) {
        LOG.warn("TLS between nodes goes on with the old certificate: {}", e.getMessage());
      }
    }
    return context;
  }

  @Override
  public Option<Throwable> verifyClientSession(String host, SSLSession session) {
    return Option.empty();
  }

  @Override
  public Option<Throwable> verifyServerSession(String host, SSLSession session) {
    return Option.empty();
  }
}
