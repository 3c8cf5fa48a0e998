package dev.staffetta.listen;

import dev.staffetta.config.NodeSettings;
import dev.staffetta.config.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's certificate as it is now: read from the configured files, and again when they change,
 * or made by the node itself.
 *
 * <p>TLS 1.2 and 1.3 only (RFC 8997), and of TLS 1.2 the suites with forward secrecy and
 * authenticated encryption (RFC 9325 4.2).
 *
 * <p>Safe for threads: what changes is one reference.
 */
public final class ServerCertificates {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCertificates.class);
  private static final Duration EXPIRY_WARNING = Duration.ofDays(14);
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /** The files as they were when they were last looked at. */
  private record Stamp(FileTime certificate, FileTime key, long sizes) {}

  private record Current(ServerCertificate certificate, SSLContext context) {
    static Current of(ServerCertificate certificate) throws InvalidCertificateException {
      return new Current(certificate, certificate.context());
    }
  }

  private final Optional<TlsSettings.Files> files;
  private Optional<Stamp> lastTried;
  private volatile Current current;

  private ServerCertificates(
      Optional<TlsSettings.Files> files, Optional<Stamp> lastTried, Current current) {
    this.files = files;
    this.lastTried = lastTried;
    this.current = current;
  }

  /**
   * The configured certificate, or the node's own.
   *
   * @param node whose directory keeps the node's own certificate
   */
  public static ServerCertificates open(TlsSettings settings, NodeSettings node)
      throws InvalidCertificateException {
    if (settings.files().isEmpty()) {
      ServerCertificate own = SelfSignedCertificate.of(node);
      return new ServerCertificates(settings.files(), Optional.empty(), Current.of(own));
    }
    TlsSettings.Files files = settings.files().get();
    Optional<Stamp> stamp = stamp(files);
    ServerCertificate certificate = ServerCertificate.read(files.certificate(), files.key());
    LOG.info("TLS with the {} ({})", certificate, files.certificate());
    warnOfExpiry(certificate);
    return new ServerCertificates(settings.files(), stamp, Current.of(certificate));
  }

  /** An engine for the server's side of a new connection. */
  public SSLEngine engine() {
    SSLEngine engine = current.context().createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setCipherSuites(
        Arrays.stream(parameters.getCipherSuites())
            .filter(ServerCertificates::isGoodSuite)
            .toArray(String[]::new));
    parameters.setUseCipherSuitesOrder(true);
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** The server's own certificate, as new connections get it. */
  public X509Certificate certificate() {
    return current.certificate().own();
  }

  /**
   * Reads the files again if they have changed. What is no good is reported once, and the old
   * certificate stays. Reads files: not for a stream's thread.
   */
  public synchronized void reload() {
    if (files.isEmpty()) {
      return;
    }
    TlsSettings.Files here = files.get();
    Optional<Stamp> stamp = stamp(here);
    if (stamp.equals(lastTried)) {
      return;
    }
    lastTried = stamp;
    try {
      ServerCertificate fresh = ServerCertificate.read(here.certificate(), here.key());
      if (!fresh.equals(current.certificate())) {
        current = Current.of(fresh);
        LOG.info("TLS from now on with the {} ({})", fresh, here.certificate());
        warnOfExpiry(fresh);
      }
    } catch (InvalidCertificateException e) {
      LOG.warn(
          "the changed certificate is no good, TLS goes on with the {}: {}",
          current.certificate(),
          e.getMessage());
    }
  }

  private static boolean isGoodSuite(String suite) {
    boolean isOfTls13 = suite.startsWith("TLS_AES_") || suite.startsWith("TLS_CHACHA20_");
    boolean isAuthenticated = suite.contains("_GCM_") || suite.contains("_CHACHA20_POLY1305_");
    return isOfTls13 || (suite.startsWith("TLS_ECDHE_") && isAuthenticated);
  }

  private static void warnOfExpiry(ServerCertificate certificate) {
    Instant end = certificate.own().getNotAfter().toInstant();
    if (end.isBefore(Instant.now().plus(EXPIRY_WARNING))) {
      LOG.warn("the {}: renew it", certificate);
    }
  }

  /** Empty while one of the files cannot be looked at. */
  private static Optional<Stamp> stamp(TlsSettings.Files files) {
    try {
      List<Path> both = List.of(files.certificate(), files.key());
      long sizes = 0;
      for (Path file : both) {
        sizes = sizes * (1L << 32) + Files.size(file);
      }
      return Optional.of(
          new Stamp(
              Files.getLastModifiedTime(files.certificate()),
              Files.getLastModifiedTime(files.key()),
              sizes));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
