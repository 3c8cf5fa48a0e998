package dev.staffetta.client;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A TCP connection that speaks in lines ended by CRLF, and in counted bytes. */
final class LineSocket implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  LineSocket(int port, Duration replyTimeout) throws IOException {
    socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(Math.toIntExact(replyTimeout.toMillis()));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
  }

  /** Sends a line; it leaves with the next {@link #flush}. */
  void write(String line) throws IOException {
    out.write(line.getBytes(StandardCharsets.UTF_8));
    out.write('\r');
    out.write('\n');
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  void flush() throws IOException {
    out.flush();
  }

  /** The next line without its CRLF, bytes as Latin-1. */
  String readLine() throws IOException {
    StringBuilder line = new StringBuilder(80);
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("closed by the server after '" + line + "'");
      }
      if (b == '\n') {
        int end = line.length();
        if (end > 0 && line.charAt(end - 1) == '\r') {
          line.setLength(end - 1);
        }
        return line.toString();
      }
      line.append((char) b);
    }
  }

  /** Waits for the first byte of the next line; whether it is there. */
  boolean awaitInput(Duration limit) throws IOException {
    int replyMillis = socket.getSoTimeout();
    in.mark(1);
    try {
      socket.setSoTimeout(Math.max(1, Math.toIntExact(limit.toMillis())));
      if (in.read() < 0) {
        throw new EOFException("closed by the server");
      }
      in.reset();
      return true;
    } catch (SocketTimeoutException nothing) {
      return false;
    } finally {
      socket.setSoTimeout(replyMillis);
    }
  }

  byte[] readExactly(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("closed by the server within a literal of " + count + " bytes");
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
