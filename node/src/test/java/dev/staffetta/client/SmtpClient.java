package dev.staffetta.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** SMTP as a sender speaks it, with PIPELINING (RFC 5321, 2920). */
public final class SmtpClient implements AutoCloseable {
  private final LineSocket socket;

  /** Connects and says EHLO. */
  public SmtpClient(int port, Duration replyTimeout) throws IOException {
    socket = new LineSocket(port, replyTimeout);
    expect("connect", '2');
    socket.write("EHLO client.example.net");
    socket.flush();
    expect("EHLO", '2');
  }

  /** Logs in, as one who submits mail must (RFC 4954, PLAIN). */
  public void login(String user, String password) throws IOException {
    byte[] credentials = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
    socket.write("AUTH PLAIN " + Base64.getEncoder().encodeToString(credentials));
    socket.flush();
    expect("AUTH", '2');
  }

  /**
   * Sends one message and waits for the reply to its end.
   *
   * @param message whole lines ended by CRLF, none of which begins with a dot
   * @throws UnexpectedReply when the server did not take it
   */
  public void send(String from, List<String> recipients, byte[] message) throws IOException {
    begin(from, recipients);
    end(message);
  }

  /** All that comes before the message; when it fails, nothing is delivered. */
  public void begin(String from, List<String> recipients) throws IOException {
    socket.write("MAIL FROM:<" + from + ">");
    for (String recipient : recipients) {
      socket.write("RCPT TO:<" + recipient + ">");
    }
    socket.write("DATA");
    socket.flush();
    expect("MAIL", '2');
    for (String recipient : recipients) {
      expect("RCPT " + recipient, '2');
    }
    expect("DATA", '3');
  }

  /** The message itself, and the reply to its end. */
  public void end(byte[] message) throws IOException {
    socket.write(message);
    socket.write(".".getBytes(StandardCharsets.US_ASCII));
    socket.write("");
    socket.flush();
    expect("end of DATA", '2');
  }

  private void expect(String command, char firstDigit) throws IOException {
    String line = socket.readLine();
    while (line.length() > 3 && line.charAt(3) == '-') {
      line = socket.readLine();
    }
    if (line.isEmpty() || line.charAt(0) != firstDigit) {
      throw new UnexpectedReply(command, line);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
