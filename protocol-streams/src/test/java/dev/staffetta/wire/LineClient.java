package dev.staffetta.wire;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A blocking client of a {@link LocalServer}, that gives up after ten seconds. */
public final class LineClient implements AutoCloseable {
  private static final int PATIENCE_IN_MILLIS = 10_000;

  private final Socket socket;
  private final InputStream in;

  private LineClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_IN_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** In plain text. */
  public static LineClient connect(int port) throws IOException {
    return new LineClient(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** With TLS from the first byte; of these versions, or any. */
  public static LineClient connectTls(int port, SSLContext context, String... protocols)
      throws IOException {
    return connect(port).tls(context, protocols);
  }

  /** The same connection with TLS from here on. */
  public LineClient tls(SSLContext context, String... protocols) throws IOException {
    SSLSocket tls =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
    if (protocols.length > 0) {
      tls.setEnabledProtocols(protocols);
    }
    tls.startHandshake();
    return new LineClient(tls);
  }

  /** For what this class has not. */
  public Socket socket() {
    return socket;
  }

  /** Sends as UTF-8. */
  public LineClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends. */
  public LineClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** The next line without its end; {@code (end)} at the end of the stream. */
  public String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return "(end)";
      }
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }

  /** All lines until the server closes. */
  public String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** So many bytes, or fewer at the end. */
  public byte[] bytes(int count) throws IOException {
    return in.readNBytes(count);
  }

  /** Closes with a reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
