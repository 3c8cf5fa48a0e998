package dev.staffetta.proof;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Reads a maildrop by POP3 (RFC 1939). */
final class Pop3Reader implements AutoCloseable {
  private final LineStream stream;

  Pop3Reader(int port, String user, String password) throws IOException {
    stream = new LineStream(port);
    stream.expect("+OK");
    command("USER " + user);
    command("PASS " + password);
  }

  /** Sends a command; what follows {@code +OK} in the reply's first line. */
  String command(String command) throws IOException {
    stream.line(command);
    return stream.expect("+OK").substring(3).strip();
  }

  /** How many messages there are. */
  int count() throws IOException {
    String status = command("STAT");
    return Integer.parseInt(status.substring(0, status.indexOf(' ')));
  }

  /** A message, without what dot-stuffing added. */
  byte[] retr(int number) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    retr(number, message);
    return message.toByteArray();
  }

  /** A message as it comes, without what dot-stuffing added. */
  void retr(int number, OutputStream sink) throws IOException {
    command("RETR " + number);
    byte[] line = stream.octetsOfLine();
    while (line.length != 3 || line[0] != '.') {
      int from = line[0] == '.' ? 1 : 0;
      sink.write(line, from, line.length - from);
      line = stream.octetsOfLine();
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
