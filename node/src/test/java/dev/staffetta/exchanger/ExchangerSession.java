package dev.staffetta.exchanger;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** One connection, on its own thread: plain SMTP with PIPELINING (RFC 5321, 2920). */
final class ExchangerSession {
  private static final String HELLO =
      "250-exchanger\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 100000000\r\n250 ENHANCEDSTATUSCODES";
  private static final int LONGEST_LINE = 1 << 20;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final Conduct conduct;
  private final Consumer<Arrival> arrivals;
  private final List<String> recipients = new ArrayList<>();

  private final byte[] buffer = new byte[64 * 1024];
  private int position;
  private int filled;

  private final StringBuilder unsent = new StringBuilder();

  ExchangerSession(Socket socket, Conduct conduct, Consumer<Arrival> arrivals) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
    this.conduct = conduct;
    this.arrivals = arrivals;
  }

  void run() throws IOException {
    boolean goesOn = say(conduct.greeting());
    while (goesOn) {
      goesOn = command(line());
    }
    flush();
  }

  /** Whether to go on. */
  private boolean command(String line) throws IOException {
    return switch (line.substring(0, Math.min(4, line.length())).toUpperCase(Locale.ROOT)) {
      case "EHLO" -> say(HELLO);
      case "HELO" -> say("250 exchanger");
      case "MAIL" -> {
        recipients.clear();
        yield say(conduct.mail());
      }
      case "RCPT" -> recipient(line);
      case "DATA" -> data();
      case "RSET" -> {
        recipients.clear();
        yield say("250 2.0.0 flushed");
      }
      case "NOOP" -> say("250 2.0.0 ok");
      case "QUIT" -> {
        say("221 2.0.0 bye");
        yield false;
      }
      default -> say("500 5.5.2 what?");
    };
  }

  private boolean recipient(String line) throws IOException {
    String address = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
    String answer = conduct.recipient(address);
    if (answer.startsWith("2")) {
      recipients.add(address);
    }
    return say(answer);
  }

  private boolean data() throws IOException {
    if (recipients.isEmpty()) {
      return say("554 5.5.1 no valid recipients");
    }
    say("354 go ahead");
    StringBuilder text = new StringBuilder(2_000);
    for (String line = line(); !line.equals("."); line = line()) {
      text.append(line, line.startsWith(".") ? 1 : 0, line.length()).append("\r\n");
    }
    Ending ending = conduct.end(recipients);
    List<String> kept = List.copyOf(recipients);
    recipients.clear();
    boolean goesOn = false;
    boolean isSaid = false;
    if (ending.answer().isEmpty()) {
      MailExchanger.reset(socket);
    } else {
      try {
        goesOn = say(ending.answer());
        flush();
        isSaid = true;
      } catch (IOException gone) {
        goesOn = false;
      }
    }
    if (ending.isKept()) {
      arrivals.accept(
          new Arrival(
              kept, text.toString(), System.nanoTime(), isSaid && ending.answer().startsWith("2")));
    }
    return goesOn;
  }

  /** Answers leave when the other side waits for them. */
  private boolean say(String answer) {
    unsent.append(answer).append("\r\n");
    return !answer.startsWith("421");
  }

  private void flush() throws IOException {
    if (unsent.length() > 0) {
      out.write(unsent.toString().getBytes(StandardCharsets.ISO_8859_1));
      unsent.setLength(0);
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(100);
    while (true) {
      int start = position;
      while (position < filled && buffer[position] != '\n') {
        position++;
      }
      line.append(new String(buffer, start, position - start, StandardCharsets.ISO_8859_1));
      if (position < filled) {
        position++;
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r'
            ? line.substring(0, end - 1)
            : line.toString();
      }
      if (line.length() > LONGEST_LINE) {
        throw new IOException("a line without an end");
      }
      flush();
      filled = in.read(buffer);
      position = 0;
      if (filled < 0) {
        throw new EOFException("closed by the client");
      }
    }
  }
}
