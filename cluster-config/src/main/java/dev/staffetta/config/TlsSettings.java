package dev.staffetta.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The certificate of the listeners: the section {@code tls}.
 *
 * @param files empty: the node makes a certificate for itself
 * @param reloadInterval how often the files are looked at
 * @param handshakeTimeout how long a handshake may take
 */
public record TlsSettings(
    Optional<Files> files, Duration reloadInterval, Duration handshakeTimeout) {
  /**
   * Where certificate and key are, in PEM.
   *
   * @param certificate the server's certificate, then those of its issuers
   * @param key its private key, not encrypted: PKCS#8, PKCS#1 or SEC1
   */
  public record Files(Path certificate, Path key) {}

  public TlsSettings {
    if (reloadInterval.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("must be at least 1s, not " + reloadInterval);
    }
    if (handshakeTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("must be at least 1s, not " + handshakeTimeout);
    }
  }

  /** Reads the section. */
  public static TlsSettings from(Config section) {
    String certificate = section.getString("certificate");
    String key = section.getString("key");
    return new TlsSettings(
        certificate.isBlank()
            ? Optional.empty()
            : Optional.of(
                new Files(Path.of(certificate), Path.of(key.isBlank() ? certificate : key))),
        section.getDuration("reload-interval"),
        section.getDuration("handshake-timeout"));
  }
}
