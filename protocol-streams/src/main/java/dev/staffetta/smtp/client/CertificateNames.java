package dev.staffetta.smtp.client;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Whether a certificate is for one of some names (RFC 6125 6, RFC 8461 4.2): by its subject
 * alternative names only.
 */
final class CertificateNames {
  /** GeneralName (RFC 5280 4.2.1.6). */
  private static final int DNS_NAME = 2;

  private static final int IP_ADDRESS = 7;

  private CertificateNames() {}

  /** Throws unless it is. */
  static void check(X509Certificate certificate, List<String> wanted) throws CertificateException {
    List<String> presented = presented(certificate);
    boolean isGood =
        presented.stream().anyMatch(name -> wanted.stream().anyMatch(w -> matches(name, w)));
    if (!isGood) {
      throw new CertificateException(
          "the certificate is for " + presented + ", and not for " + wanted);
    }
  }

  private static List<String> presented(X509Certificate certificate) throws CertificateException {
    List<String> names = new ArrayList<>();
    Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    if (alternatives != null) {
      for (List<?> alternative : alternatives) {
        Integer kind = (Integer) alternative.get(0);
        if (kind == DNS_NAME || kind == IP_ADDRESS) {
          names.add(String.valueOf(alternative.get(1)));
        }
      }
    }
    return names;
  }

  /**
   * Whether a name in a certificate is a name that is wanted. A wildcard on either side stands for
   * one label, the leftmost.
   */
  static boolean matches(String presented, String wanted) {
    String its = normal(presented);
    String name = normal(wanted);
    return its.equals(name)
        || (its.startsWith("*.") && !name.startsWith("*.") && isOneLabelBelow(name, its))
        || (name.startsWith("*.") && !its.startsWith("*.") && isOneLabelBelow(its, name));
  }

  private static boolean isOneLabelBelow(String name, String wildcard) {
    int dot = name.indexOf('.');
    // *.com would be for everyone.
    return dot > 0
        && name.substring(dot).equals(wildcard.substring(1))
        && wildcard.indexOf('.', 2) > 0;
  }

  private static String normal(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
