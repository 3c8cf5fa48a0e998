package dev.staffetta.proof;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A plain connection to a port of this machine: lines that end with CRLF, and octets. */
final class LineStream implements AutoCloseable {
  private static final int PATIENCE_IN_MILLIS = 120_000;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;

  LineStream(int port) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_IN_MILLIS);
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_IN_MILLIS);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
  }

  /** Sends a line now. */
  void line(String line) throws IOException {
    octets((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    flush();
  }

  /** Sends octets with the next {@link #flush} at the latest. */
  void octets(byte[] octets) throws IOException {
    out.write(octets);
  }

  void flush() throws IOException {
    out.flush();
  }

  /** The next line without its CRLF, an octet a character. */
  String line() throws IOException {
    byte[] line = octetsOfLine();
    return new String(line, 0, line.length - 2, StandardCharsets.ISO_8859_1);
  }

  /** The next line with its CRLF. */
  byte[] octetsOfLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(100);
    int last = -1;
    for (int octet = octet(); last != '\r' || octet != '\n'; octet = octet()) {
      line.write(octet);
      last = octet;
    }
    line.write('\n');
    return line.toByteArray();
  }

  int octet() throws IOException {
    int octet = in.read();
    if (octet < 0) {
      throw new EOFException("the server closed the connection");
    }
    return octet;
  }

  /** The next octets, as they come, into a sink. */
  void octets(long count, OutputStream sink) throws IOException {
    byte[] buffer = new byte[1 << 14];
    long rest = count;
    while (rest > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, rest));
      if (read < 0) {
        throw new EOFException("the server closed within a literal, " + rest + " octets short");
      }
      sink.write(buffer, 0, read);
      rest -= read;
    }
  }

  /** The next line, which must begin so. */
  String expect(String beginning) throws IOException {
    String line = line();
    if (!line.startsWith(beginning)) {
      throw new IOException("expected '" + beginning + "…' but the server said: " + line);
    }
    return line;
  }

  /** All there is up to the end of the connection. */
  byte[] rest() throws IOException {
    return in.readAllBytes();
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
