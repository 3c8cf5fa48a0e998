package dev.staffetta.smtp.client;

import dev.staffetta.config.RelayClientSettings;
import dev.staffetta.smtp.client.HopFailedException.Stage;
import dev.staffetta.wire.Connection;
import dev.staffetta.wire.ConnectionFlow;
import dev.staffetta.wire.ConnectionLimits;
import dev.staffetta.wire.RunningSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.io.Inet;
import org.apache.pekko.io.TcpSO;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.stream.scaladsl.TcpAttributes;

/** Sends mail by SMTP and LMTP over TCP. For any thread. */
public final class SmtpTransport implements MailTransport {
  private static final Duration LINGER = Duration.ofSeconds(1);

  /**
   * The end of a small message is a write of its own, and would wait for the acknowledgement of the
   * one before, which servers delay by 40 ms.
   */
  private static final Inet.SocketOption WITHOUT_DELAY = TcpSO.tcpNoDelay(true);

  private final org.apache.pekko.actor.ActorSystem system;
  private final Materializer materializer;
  private final Executor handshakes;
  private final String ownName;
  private final RelayClientSettings settings;
  private final X509TrustManager authorities;
  private final AtomicLong opened = new AtomicLong();

  /**
   * @param ownName for EHLO: a name that the address has in DNS
   * @param authorities that certificates are checked by where names are
   */
  public SmtpTransport(
      ActorSystem<?> system,
      String ownName,
      RelayClientSettings settings,
      X509TrustManager authorities) {
    this.system = system.classicSystem();
    this.materializer = SystemMaterializer.get(system).materializer();
    this.handshakes =
        this.system.dispatchers().lookup("pekko.actor.default-blocking-io-dispatcher");
    this.ownName = ownName;
    this.settings = settings;
    this.authorities = authorities;
  }

  /** With the authorities that this Java trusts. */
  public SmtpTransport(ActorSystem<?> system, String ownName, RelayClientSettings settings) {
    this(system, ownName, settings, platformAuthorities());
  }

  /** The authorities that this Java trusts. */
  public static X509TrustManager platformAuthorities() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      return Arrays.stream(factory.getTrustManagers())
          .filter(X509TrustManager.class::isInstance)
          .map(X509TrustManager.class::cast)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("this Java trusts no authorities"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no trusted authorities", e);
    }
  }

  @Override
  public CompletionStage<Channel> open(Hop hop) {
    InetSocketAddress local =
        hop.source()
            .map(address -> new InetSocketAddress(address, 0))
            .orElseGet(() -> new InetSocketAddress(0));
    Connection connection =
        new Connection(
            "out-" + opened.incrementAndGet(),
            local,
            hop.address(),
            hop.security().mode() == HopSecurity.Mode.IMPLICIT,
            true);
    HopTls tls = new HopTls(hop, authorities);
    ClientChannel channel = new ClientChannel();
    ClientProtocol protocol =
        new ClientProtocol(new ClientRules(ownName, hop, settings), tls, channel, materializer);
    ConnectionLimits limits =
        new ConnectionLimits(settings.handshake(), settings.dataBlock(), LINGER);
    ConnectionFlow flow = new ConnectionFlow(tls::engine, handshakes, limits, protocol::tlsFailed);
    Pair<CompletionStage<Tcp.OutgoingConnection>, RunningSession> running =
        Tcp.get(system)
            .outgoingConnection(
                hop.address(),
                hop.source().map(address -> local),
                List.of(WITHOUT_DELAY),
                true,
                Optional.of(settings.connect()),
                Optional.empty())
            .addAttributes(TcpAttributes.tcpWriteBufferSize(1))
            .joinMat(flow.session(connection, protocol), Keep.both())
            .run(materializer);
    running
        .first()
        .whenComplete(
            (connected, failure) -> {
              if (failure == null) {
                channel.connected(running.second());
              } else {
                channel.notConnected(notConnected(hop, failure));
              }
            });
    return channel.opened();
  }

  private static HopFailedException notConnected(Hop hop, Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String why =
        cause instanceof IOException
            ? String.valueOf(cause.getMessage())
            : "no connection came about in time, or it was refused";
    return new HopFailedException(
        Stage.CONNECT,
        new RemoteReply(
            0, "4.4.1", "no connection to " + hop.host() + " " + hop.address() + ": " + why));
  }
}
