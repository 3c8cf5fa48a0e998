package dev.staffetta.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** IMAP as a client speaks it, one command at a time (RFC 3501). */
public final class ImapClient implements AutoCloseable {
  private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)\\}$");

  private final LineSocket socket;
  private Consumer<String> listener = untagged -> {};
  private int lastTag;
  private String idleTag = "";

  /** Connects; the greeting is read. */
  public ImapClient(int port, Duration replyTimeout) throws IOException {
    socket = new LineSocket(port, replyTimeout);
    String greeting = socket.readLine();
    if (!greeting.startsWith("* OK")) {
      throw new UnexpectedReply("connect", greeting);
    }
  }

  /**
   * What the server said to a command.
   *
   * @param untagged the responses before the tagged one, literals within them as Latin-1 text
   *     behind their {@code {n}}
   * @param tagged the last line without its tag: {@code OK …}
   */
  public record Response(List<String> untagged, String tagged) {
    /** The first group of the first match in the tagged line; for response codes. */
    public String code(String regex) throws IOException {
      Matcher m = Pattern.compile(regex).matcher(tagged);
      if (!m.find()) {
        throw new IOException("no " + regex + " in " + tagged);
      }
      return m.group(1);
    }
  }

  /** Who hears every untagged response, as it comes, whatever it comes in answer to. */
  public void listener(Consumer<String> hearer) {
    this.listener = hearer;
  }

  public void login(String user, String password) throws IOException {
    ok("LOGIN " + user + " " + password);
  }

  /** Sends a command and reads its response; anything but OK fails. */
  public Response ok(String command) throws IOException {
    Response response = command(command);
    if (!response.tagged().startsWith("OK")) {
      throw new UnexpectedReply(command, response.tagged());
    }
    return response;
  }

  /** Sends a command and reads its response, whatever it is. */
  public Response command(String command) throws IOException {
    String tag = nextTag();
    socket.write(tag + " " + command);
    socket.flush();
    return read(tag);
  }

  /** Appends a message by a non-synchronising literal (RFC 7888). */
  public Response tryAppend(String mailbox, String flags, byte[] message) throws IOException {
    String tag = nextTag();
    socket.write(tag + " APPEND " + mailbox + " (" + flags + ") {" + message.length + "+}");
    socket.write(message);
    socket.write("");
    socket.flush();
    return read(tag);
  }

  /** Appends like {@link #tryAppend}; anything but OK fails. */
  public Response append(String mailbox, String flags, byte[] message) throws IOException {
    Response response = tryAppend(mailbox, flags, message);
    if (!response.tagged().startsWith("OK")) {
      throw new UnexpectedReply("APPEND", response.tagged());
    }
    return response;
  }

  /** Begins IDLE (RFC 2177) and returns when the server has agreed. */
  public void idle() throws IOException {
    idleTag = nextTag();
    socket.write(idleTag + " IDLE");
    socket.flush();
    String line = readResponse();
    while (line.startsWith("*")) {
      line = readResponse();
    }
    if (!line.startsWith("+")) {
      throw new UnexpectedReply("IDLE", line);
    }
  }

  /** Takes what comes during IDLE for so long. */
  public void listen(Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      if (socket.awaitInput(Duration.ofNanos(left))) {
        readResponse();
      }
    }
  }

  /** Ends IDLE. */
  public Response done() throws IOException {
    socket.write("DONE");
    socket.flush();
    return read(idleTag);
  }

  /** Reads a response line, literals included. */
  public String readResponse() throws IOException {
    StringBuilder whole = new StringBuilder();
    while (true) {
      String line = socket.readLine();
      whole.append(line);
      Matcher literal = LITERAL.matcher(line);
      if (!literal.find()) {
        String response = whole.toString();
        if (response.startsWith("* ")) {
          listener.accept(response);
        }
        return response;
      }
      byte[] bytes = socket.readExactly(Integer.parseInt(literal.group(1)));
      whole.append(new String(bytes, StandardCharsets.ISO_8859_1));
    }
  }

  private Response read(String tag) throws IOException {
    List<String> untagged = new ArrayList<>();
    while (true) {
      String line = readResponse();
      if (line.startsWith(tag + " ")) {
        return new Response(untagged, line.substring(tag.length() + 1));
      }
      untagged.add(line);
    }
  }

  private String nextTag() {
    lastTag++;
    return "a" + lastTag;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
