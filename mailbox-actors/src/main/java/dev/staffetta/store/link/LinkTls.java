package dev.staffetta.store.link;

import java.nio.file.Path;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.apache.ratis.thirdparty.io.netty.buffer.ByteBufAllocator;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.ClientAuth;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContext;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContextBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslHandler;

/** Mutual TLS: both sides show a certificate of one authority, the asked one for its address. */
public final class LinkTls {
  /** A node that takes connections and does not go on, as a stopped one, is given up soon. */
  private static final long HANDSHAKE_MILLIS = 3_000;

  private final SslContext asked;
  private final SslContext asking;

  /**
   * Reads the files.
   *
   * @param key PKCS#8 in PEM
   * @param certificate of this node, in PEM
   * @param authority what certificates of nodes are signed by, in PEM
   */
  public LinkTls(Path key, Path certificate, Path authority) throws SSLException {
    this.asked =
        SslContextBuilder.forServer(certificate.toFile(), key.toFile())
            .trustManager(authority.toFile())
            .clientAuth(ClientAuth.REQUIRE)
            .build();
    this.asking =
        SslContextBuilder.forClient()
            .keyManager(certificate.toFile(), key.toFile())
            .trustManager(authority.toFile())
            .build();
  }

  SslHandler asked(ByteBufAllocator allocator) {
    SslHandler handler = asked.newHandler(allocator);
    handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
    return handler;
  }

  SslHandler asking(ByteBufAllocator allocator, String host, int port) {
    SslHandler handler = asking.newHandler(allocator, host, port);
    handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
    SSLEngine engine = handler.engine();
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return handler;
  }
}
