package dev.staffetta.proof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Sends messages by SMTP, any octets that are whole lines (RFC 5321, RFC 6152). */
final class SmtpSender implements AutoCloseable {
  private final LineStream stream;

  SmtpSender(int port) throws IOException {
    stream = new LineStream(port);
    reply("220");
    command("EHLO client.example.net", "250");
  }

  /** Says where the message goes; its octets are to follow by {@link #octets}. */
  void begin(String recipient) throws IOException {
    command("MAIL FROM:<sender@example.net> BODY=8BITMIME", "250");
    command("RCPT TO:<" + recipient + ">", "250");
    command("DATA", "354");
  }

  /** Sends the message, all or some of it, in whole lines. */
  void octets(byte[] lines) throws IOException {
    int start = 0;
    for (int i = 0; i < lines.length; i++) {
      boolean isStartOfLine = i == 0 || lines[i - 1] == '\n';
      if (isStartOfLine && lines[i] == '.') {
        stream.octets(java.util.Arrays.copyOfRange(lines, start, i));
        stream.octets(new byte[] {'.'});
        start = i;
      }
    }
    stream.octets(java.util.Arrays.copyOfRange(lines, start, lines.length));
  }

  /** Ends the message; returns when the server has taken it. */
  void end() throws IOException {
    stream.octets(".\r\n".getBytes(StandardCharsets.US_ASCII));
    stream.flush();
    reply("250");
  }

  void send(String recipient, byte[] message) throws IOException {
    begin(recipient);
    octets(message);
    end();
  }

  private void command(String command, String code) throws IOException {
    stream.line(command);
    reply(code);
  }

  private void reply(String code) throws IOException {
    String line = stream.expect(code);
    while (line.startsWith(code + "-")) {
      line = stream.expect(code);
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
