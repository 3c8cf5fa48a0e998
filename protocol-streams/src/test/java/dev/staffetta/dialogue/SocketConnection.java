package dev.staffetta.dialogue;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.pekko.util.ByteString;

/** A connection over TCP to any server. Trusts every certificate: it is for tests. */
public final class SocketConnection implements DialogueConnection {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  private Socket socket;
  private InputStream in;
  private boolean isEnded;

  private SocketConnection(Socket socket) throws IOException {
    this.socket = socket;
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Connects in plain text. */
  public static SocketConnection open(InetSocketAddress server) {
    return open(server, DEFAULT_TIMEOUT);
  }

  /**
   * Connects in plain text.
   *
   * @param timeout how long a line may take
   */
  public static SocketConnection open(InetSocketAddress server, Duration timeout) {
    try {
      Socket socket = new Socket();
      socket.setTcpNoDelay(true);
      socket.connect(server, Math.toIntExact(timeout.toMillis()));
      socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
      return new SocketConnection(socket);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot connect to " + server, e);
    }
  }

  /** Connects by TLS from the first byte. */
  public static SocketConnection openTls(InetSocketAddress server) {
    SocketConnection connection = open(server);
    connection.startTls();
    return connection;
  }

  @Override
  public void send(ByteString bytes) {
    try {
      socket.getOutputStream().write(bytes.toArray());
      socket.getOutputStream().flush();
    } catch (SocketException e) {
      // The server has closed: what it said before, and the end, show in what is read.
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<String> line() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int last = -1;
    for (int octet = read(); octet >= 0; octet = read()) {
      if (last == '\r' && octet == '\n') {
        byte[] bytes = line.toByteArray();
        return Optional.of(new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8));
      }
      line.write(octet);
      last = octet;
    }
    return line.size() == 0 ? Optional.empty() : Optional.of(line.toString(StandardCharsets.UTF_8));
  }

  /** The next octet; -1: the server closed, or said nothing in time. */
  private int read() {
    if (isEnded) {
      return -1;
    }
    try {
      int octet = in.read();
      isEnded = octet < 0;
      return octet;
    } catch (SocketTimeoutException e) {
      return -1;
    } catch (SocketException | EOFException | SSLException e) {
      isEnded = true;
      return -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void startTls() {
    try {
      SSLSocket tls =
          (SSLSocket)
              trustingAll()
                  .getSocketFactory()
                  .createSocket(
                      socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
      tls.setUseClientMode(true);
      tls.startHandshake();
      socket = tls;
      in = new BufferedInputStream(tls.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException("no TLS with " + socket.getRemoteSocketAddress(), e);
    }
  }

  @Override
  public boolean isEnded() {
    in.mark(1);
    if (read() < 0) {
      return isEnded;
    }
    try {
      in.reset();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return false;
  }

  @Override
  public ByteString unread() {
    try {
      return isEnded ? ByteString.emptyByteString() : ByteString.fromArray(peek());
    } catch (IOException e) {
      isEnded = true;
      return ByteString.emptyByteString();
    }
  }

  private byte[] peek() throws IOException {
    int available = in.available();
    in.mark(Math.max(1, available));
    byte[] bytes = in.readNBytes(available);
    in.reset();
    return bytes;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    isEnded = true;
  }

  private static SSLContext trustingAll() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustingAll()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class TrustingAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
