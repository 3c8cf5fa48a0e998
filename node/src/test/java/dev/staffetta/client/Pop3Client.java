package dev.staffetta.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** POP3 as a client speaks it (RFC 1939). */
public final class Pop3Client implements AutoCloseable {
  private final LineSocket socket;

  /** Connects; the greeting is read. */
  public Pop3Client(int port, Duration replyTimeout) throws IOException {
    socket = new LineSocket(port, replyTimeout);
    expectOk("connect");
  }

  public void login(String user, String password) throws IOException {
    ok("USER " + user);
    ok("PASS " + password);
  }

  /** Sends a command whose reply is one line; the line without {@code +OK}. */
  public String ok(String command) throws IOException {
    socket.write(command);
    socket.flush();
    return expectOk(command);
  }

  /** Message number to unique id, in order. */
  public Map<Integer, String> uidl() throws IOException {
    ok("UIDL");
    Map<Integer, String> ids = new LinkedHashMap<>();
    for (String line = socket.readLine(); !line.equals("."); line = socket.readLine()) {
      String[] words = line.split(" ", 2);
      ids.put(Integer.valueOf(words[0]), words[1]);
    }
    return ids;
  }

  /** A message's bytes, unstuffed. */
  public byte[] retr(int number) throws IOException {
    return text("RETR " + number);
  }

  /** A command that is answered by lines up to one with a dot alone; the lines, unstuffed. */
  public byte[] text(String command) throws IOException {
    ok(command);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    for (String line = socket.readLine(); !line.equals("."); line = socket.readLine()) {
      String unstuffed = line.startsWith(".") ? line.substring(1) : line;
      message.writeBytes(unstuffed.getBytes(StandardCharsets.ISO_8859_1));
      message.write('\r');
      message.write('\n');
    }
    return message.toByteArray();
  }

  private String expectOk(String command) throws IOException {
    String line = socket.readLine();
    if (!line.startsWith("+OK")) {
      throw new UnexpectedReply(command, line);
    }
    return line.substring(3).trim();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
