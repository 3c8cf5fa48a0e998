package dev.staffetta.smtp.client;

import dev.staffetta.smtp.client.HopSecurity.Tlsa;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/** Whether a chain of certificates is one that TLSA records speak of (RFC 7672 3). */
final class TlsaMatch {
  private static final int TRUST_ANCHOR = 2;
  private static final int END_ENTITY = 3;

  private TlsaMatch() {}

  /** Throws unless one record is for the chain. */
  static void check(List<X509Certificate> chain, HopSecurity security) throws CertificateException {
    CertificateException failure =
        new CertificateException(
            "none of the " + security.tlsa().size() + " TLSA records is of the certificate");
    for (Tlsa record : security.tlsa()) {
      try {
        if (record.usage() == END_ENTITY && matches(record, chain.get(0))) {
          return; // Neither its names nor its dates count (RFC 7672 3.1.1).
        }
        if (record.usage() == TRUST_ANCHOR && isAnchored(record, chain)) {
          CertificateNames.check(chain.get(0), security.names());
          return;
        }
      } catch (CertificateException e) {
        failure = e;
      }
    }
    throw failure;
  }

  /** RFC 6698 2.1.2 to 2.1.4. A matching type that is not known matches nothing. */
  private static boolean matches(Tlsa record, X509Certificate certificate)
      throws CertificateException {
    if (record.selector() != 0 && record.selector() != 1) {
      return false;
    }
    byte[] selected =
        record.selector() == 0 ? certificate.getEncoded() : certificate.getPublicKey().getEncoded();
    try {
      return switch (record.matchingType()) {
        case 0 -> MessageDigest.isEqual(selected, record.data());
        case 1 -> isDigest("SHA-256", selected, record.data());
        case 2 -> isDigest("SHA-512", selected, record.data());
        default -> false;
      };
    } catch (GeneralSecurityException e) {
      throw new CertificateException("a TLSA record cannot be compared: " + e.getMessage(), e);
    }
  }

  private static boolean isDigest(String algorithm, byte[] selected, byte[] expected)
      throws GeneralSecurityException {
    return MessageDigest.isEqual(MessageDigest.getInstance(algorithm).digest(selected), expected);
  }

  /** RFC 7672 3.1.2: the anchor is in the chain, or the record is the anchor itself. */
  private static boolean isAnchored(Tlsa record, List<X509Certificate> chain)
      throws CertificateException {
    for (int i = 0; i < chain.size(); i++) {
      if (matches(record, chain.get(i))) {
        if (i == 0) {
          chain.get(0).checkValidity();
        } else {
          validate(chain.subList(0, i), new TrustAnchor(chain.get(i), null));
        }
        return true;
      }
    }
    if (record.selector() == 0 && record.matchingType() == 0) {
      validate(chain, new TrustAnchor(certificate(record.data()), null));
      return true;
    }
    return false;
  }

  private static X509Certificate certificate(byte[] encoded) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }

  private static void validate(List<X509Certificate> chain, TrustAnchor anchor)
      throws CertificateException {
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
      parameters.setRevocationEnabled(false);
      CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
      CertPathValidator.getInstance("PKIX").validate(path, parameters);
    } catch (GeneralSecurityException e) {
      throw new CertificateException(
          "the certificate is not good by the trust anchor of the TLSA record: " + e.getMessage(),
          e);
    }
  }
}
