package dev.staffetta.smtp.client;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/** Judges the certificate of one server by what the hop asks for. For one connection. */
final class HopTrust extends X509ExtendedTrustManager {
  private final HopSecurity security;
  private final X509TrustManager authorities;
  private volatile Optional<String> refusal = Optional.empty();

  /**
   * @param authorities for {@link HopSecurity.Check#NAMES}
   */
  HopTrust(HopSecurity security, X509TrustManager authorities) {
    this.security = security;
    this.authorities = authorities;
  }

  /** Why the certificate was not good enough; empty: it was, or none came. */
  Optional<String> refusal() {
    return refusal;
  }

  private void check(X509Certificate[] chain, String keyExchange) throws CertificateException {
    try {
      switch (security.check()) {
        case NONE -> {}
        case NAMES -> {
          authorities.checkServerTrusted(chain, keyExchange);
          CertificateNames.check(chain[0], security.names());
        }
        case DANE -> TlsaMatch.check(List.of(chain), security);
      }
    } catch (CertificateException e) {
      refusal = Optional.of(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine)
      throws CertificateException {
    check(chain, keyExchange);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyExchange, Socket socket)
      throws CertificateException {
    check(chain, keyExchange);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyExchange)
      throws CertificateException {
    check(chain, keyExchange);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine)
      throws CertificateException {
    throw noClient();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyExchange, Socket socket)
      throws CertificateException {
    throw noClient();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyExchange)
      throws CertificateException {
    throw noClient();
  }

  private static CertificateException noClient() {
    return new CertificateException("this is the client's side");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
