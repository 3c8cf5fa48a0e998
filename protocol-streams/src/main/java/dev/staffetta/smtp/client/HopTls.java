package dev.staffetta.smtp.client;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** The TLS of one connection to a hop, from the client's side. */
final class HopTls {
  private final Hop hop;
  private final HopTrust trust;
  private volatile Optional<SSLEngine> engine = Optional.empty();

  HopTls(Hop hop, X509TrustManager authorities) {
    this.hop = hop;
    this.trust = new HopTrust(hop.security(), authorities);
  }

  /** An engine for the handshake, TLS 1.2 and 1.3. */
  SSLEngine engine() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust}, null);
      SSLEngine made = context.createSSLEngine(hop.host(), hop.address().getPort());
      made.setUseClientMode(true);
      made.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      SSLParameters parameters = made.getSSLParameters();
      parameters.setServerNames(serverName().<List<SNIServerName>>map(List::of).orElse(List.of()));
      made.setSSLParameters(parameters);
      engine = Optional.of(made);
      return made;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  /** SNI (RFC 6066 3): a name, and no address. */
  private Optional<SNIHostName> serverName() {
    String host = hop.host();
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    boolean isAddress = name.contains(":") || name.matches("[0-9.]+") || name.startsWith("[");
    try {
      return isAddress ? Optional.empty() : Optional.of(new SNIHostName(name));
    } catch (IllegalArgumentException notAName) {
      return Optional.empty();
    }
  }

  /** Why it failed: in our words if it was the certificate, else in those of TLS. */
  String failure(String why) {
    return trust
        .refusal()
        .map(refusal -> "the certificate was refused: " + refusal)
        .orElse("TLS failed: " + why);
  }

  /** What was wrong with the certificate; empty: nothing, or there was none. */
  Optional<TlsProblem> problem() {
    return trust.problem();
  }

  /** Protocol and cipher suite, once the handshake is done; empty: there was none. */
  Optional<String> established() {
    return engine
        .map(SSLEngine::getSession)
        .filter(SSLSession::isValid)
        .map(session -> session.getProtocol() + " " + session.getCipherSuite());
  }
}
