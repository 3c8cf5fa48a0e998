package dev.staffetta.proof;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads and fills a mailbox by IMAP, a command at a time (RFC 9051). */
final class ImapReader implements AutoCloseable {
  private final LineStream stream;
  private int commands;

  ImapReader(int port, String user, String password) throws IOException {
    stream = new LineStream(port);
    stream.expect("* OK");
    command("LOGIN " + user + " " + password);
  }

  /** Sends a command without literals; its untagged responses, if none has a literal. */
  List<String> command(String command) throws IOException {
    String tag = begin(command);
    List<String> untagged = new ArrayList<>();
    String line = stream.line();
    while (line.startsWith("* ")) {
      untagged.add(line);
      line = stream.line();
    }
    completed(line, tag, command);
    return untagged;
  }

  /**
   * Appends a message by a literal that does not wait (RFC 7888).
   *
   * @param options flags and date, each followed by a space: {@code "(\Seen) "}
   */
  void append(String mailbox, String options, byte[] message) throws IOException {
    String tag = begin("APPEND " + mailbox + " " + options + "{" + message.length + "+}");
    stream.octets(message);
    stream.line("");
    String line = stream.line();
    while (line.startsWith("* ")) {
      line = stream.line();
    }
    completed(line, tag, "APPEND");
  }

  /**
   * Fetches items whose values are strings, of one message: value by name as the server says it.
   */
  Map<String, byte[]> fetch(int number, String items) throws IOException {
    Map<String, ByteArrayOutputStream> values = new LinkedHashMap<>();
    fetch(
        number, items, name -> values.computeIfAbsent(name, first -> new ByteArrayOutputStream()));
    Map<String, byte[]> whole = new LinkedHashMap<>();
    values.forEach((name, value) -> whole.put(name, value.toByteArray()));
    return whole;
  }

  /** Fetches items whose values are strings or flags, of one message, as they come. */
  void fetch(int number, String items, Function<String, OutputStream> sinks) throws IOException {
    String command = "FETCH " + number + " (" + items + ")";
    String tag = begin(command);
    until("* " + number + " FETCH (");
    int after = ' ';
    while (after == ' ') {
      String name = until(" ");
      value(sinks.apply(name));
      after = stream.octet();
    }
    if (after != ')' || !stream.line().isEmpty()) {
      throw new IOException("the response to " + command + " does not end where it should");
    }
    completed(stream.line(), tag, command);
  }

  /** The text before this; if it stands at the beginning, none. */
  private String until(String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.lastIndexOf(end) < 0 || !text.toString().endsWith(end)) {
      text.append((char) stream.octet());
      if (text.length() > 1000) {
        throw new IOException("expected '" + end + "' but the server said: " + text);
      }
    }
    return text.substring(0, text.length() - end.length());
  }

  private void value(OutputStream sink) throws IOException {
    int first = stream.octet();
    if (first == '{') {
      stream.octets(Long.parseLong(until("}\r\n")), sink);
    } else if (first == '"') {
      sink.write(until("\"").getBytes(StandardCharsets.ISO_8859_1));
    } else if (first == '(') {
      sink.write(until(")").getBytes(StandardCharsets.ISO_8859_1));
    } else {
      throw new IOException("expected a string, but the server said: " + (char) first);
    }
  }

  private String begin(String command) throws IOException {
    commands++;
    String tag = "a" + commands;
    stream.line(tag + " " + command);
    return tag;
  }

  private static void completed(String line, String tag, String command) throws IOException {
    if (!line.startsWith(tag + " OK")) {
      throw new IOException(command + " was answered by: " + line);
    }
  }

  /** The connection, for what is not in this class. */
  LineStream stream() {
    return stream;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
