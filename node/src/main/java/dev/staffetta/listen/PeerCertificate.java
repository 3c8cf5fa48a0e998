package dev.staffetta.listen;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** What a node shows other nodes, and whom it believes. */
public final class PeerCertificate {
  private static final char[] NO_PASSWORD = new char[0];

  private PeerCertificate() {}

  /**
   * TLS for both sides of a connection between nodes.
   *
   * @param certificate file with the node's certificate, then those of its issuers
   * @param key file with its private key
   * @param ca file with the certificates of those whose word counts
   */
  public static SSLContext context(Path certificate, Path key, Path ca)
      throws InvalidCertificateException {
    ServerCertificate own = ServerCertificate.read(certificate, key);
    try {
      KeyStore issuers = KeyStore.getInstance("PKCS12");
      issuers.load(null, NO_PASSWORD);
      for (var issuer : ServerCertificate.certificates(ca)) {
        issuers.setCertificateEntry("ca" + issuers.size(), issuer);
      }
      TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
      trusted.init(issuers);
      KeyManagerFactory keys = own.keys();
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new InvalidCertificateException(
          "no TLS between nodes with " + certificate + " and " + ca + ": " + e.getMessage(), e);
    }
  }
}
