package dev.staffetta.smtp.client;

import static dev.staffetta.smtp.client.TlsProblem.CERTIFICATE_EXPIRED;
import static dev.staffetta.smtp.client.TlsProblem.CERTIFICATE_NOT_TRUSTED;

import java.net.Socket;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges the certificate of one server by what the hop asks for. For one connection. */
final class HopTrust extends X509ExtendedTrustManager {
  private static final Logger LOG = LoggerFactory.getLogger(HopTrust.class);

  private final HopSecurity security;
  private final X509TrustManager authorities;
  private volatile Optional<String> refusal = Optional.empty();
  private volatile Optional<TlsProblem> problem = Optional.empty();

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

  /** What was wrong with the certificate, whether it was refused for that or not. */
  Optional<TlsProblem> problem() {
    return problem;
  }

  private void check(X509Certificate[] chain, String keyExchange) throws CertificateException {
    try {
      switch (security.check()) {
        case NONE -> {}
        case NAMES -> checkNames(chain, keyExchange);
        case NAMES_NOTED -> noteNames(chain, keyExchange);
        case DANE -> checkTlsa(chain);
      }
    } catch (CertificateException e) {
      refusal = Optional.of(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private void checkNames(X509Certificate[] chain, String keyExchange) throws CertificateException {
    try {
      authorities.checkServerTrusted(chain, keyExchange);
    } catch (CertificateException e) {
      problem = Optional.of(isExpiry(e) ? CERTIFICATE_EXPIRED : CERTIFICATE_NOT_TRUSTED);
      throw e;
    }
    try {
      CertificateNames.check(chain[0], security.names());
    } catch (CertificateException e) {
      problem = Optional.of(TlsProblem.CERTIFICATE_HOST_MISMATCH);
      throw e;
    }
  }

  private void checkTlsa(X509Certificate[] chain) throws CertificateException {
    try {
      TlsaMatch.check(List.of(chain), security);
    } catch (CertificateException e) {
      problem = Optional.of(TlsProblem.VALIDATION_FAILURE);
      throw e;
    }
  }

  private void noteNames(X509Certificate[] chain, String keyExchange) {
    try {
      checkNames(chain, keyExchange);
    } catch (CertificateException e) {
      LOG.debug("a certificate that is not good is only noted: {}", e.getMessage());
    }
  }

  private static boolean isExpiry(CertificateException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException
          || (cause instanceof CertPathValidatorException path
              && path.getReason() == CertPathValidatorException.BasicReason.EXPIRED)) {
        return true;
      }
    }
    return false;
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
