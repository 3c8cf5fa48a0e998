package dev.staffetta.smtp.sink;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;

/** One connection to the sink, on its own thread. */
final class SinkConnection {
  private static final int ENOUGH_IN_BYTES = 200 << 20;

  private final SmtpSink sink;
  private final SinkScript script;
  private final Socket plain;
  private final int number;
  private InputStream in;
  private OutputStream out;
  private String tls = "";
  private String from = "";
  private final List<String> recipients = new ArrayList<>();
  private final List<String> recipientLines = new ArrayList<>();
  private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

  SinkConnection(SmtpSink sink, SinkScript script, Socket socket, int number) throws IOException {
    this.sink = sink;
    this.script = script;
    this.plain = socket;
    this.number = number;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  void run() throws IOException {
    if (script.tls == SinkScript.Tls.IMPLICIT) {
      startTls();
    }
    if (!answer("greeting", "greeting", "220 sink ESMTP")) {
      return;
    }
    for (String line = line(); !line.equals("\0"); line = line()) {
      sink.heard(line);
      if (!command(line)) {
        return;
      }
    }
  }

  /** Whether to go on. */
  private boolean command(String line) throws IOException {
    String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
    return switch (verb) {
      case "EHLO", "LHLO" -> answer(verb, line, hello());
      case "HELO" -> answer(verb, line, "250 sink");
      case "STARTTLS" -> startTls(line);
      case "AUTH" -> auth(line);
      case "MAIL" -> mail(line);
      case "RCPT" -> recipient(line);
      case "DATA" -> data(line);
      case "BDAT" -> chunk(line);
      case "RSET" -> {
        reset();
        yield answer(verb, line, "250 2.0.0 flushed");
      }
      case "QUIT" -> {
        answer(verb, line, "221 2.0.0 bye");
        yield false;
      }
      default -> answer(verb, line, "500 5.5.2 what?");
    };
  }

  private String hello() {
    List<String> lines = new ArrayList<>(List.of("sink"));
    lines.addAll(script.offered());
    boolean offersTls = script.tls != SinkScript.Tls.NONE && script.tls != SinkScript.Tls.IMPLICIT;
    if (offersTls && tls.isEmpty()) {
      lines.add("STARTTLS");
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      boolean isLast = i + 1 == lines.size();
      text.append(isLast ? "250 " : "250-").append(lines.get(i)).append(isLast ? "" : "\n");
    }
    return text.toString();
  }

  private boolean startTls(String line) throws IOException {
    switch (script.tls) {
      case REFUSED -> {
        return answer("STARTTLS", line, "454 4.7.0 no TLS today");
      }
      case BROKEN -> {
        write("220 2.0.0 go\r\n");
        in.read();
        write("this is no TLS, whatever you say\r\n");
        return false;
      }
      case SILENT -> {
        write("220 2.0.0 go\r\n");
        return say(SinkScript.SILENCE);
      }
      case INJECTED -> write("220 2.0.0 go\r\n250-evil\r\n250 SIZE 1\r\n");
      default -> write("220 2.0.0 go\r\n");
    }
    startTls();
    return true;
  }

  private void startTls() throws IOException {
    SSLSocket socket =
        (SSLSocket)
            script
                .certificate
                .orElseThrow()
                .context()
                .getSocketFactory()
                .createSocket(
                    plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
    socket.setUseClientMode(false);
    boolean isRenegotiated = script.tls == SinkScript.Tls.RENEGOTIATED;
    if (isRenegotiated || script.tls == SinkScript.Tls.OLD) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
    }
    socket.startHandshake();
    if (isRenegotiated) {
      socket.startHandshake();
    }
    tls = socket.getSession().getProtocol();
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    reset();
  }

  private boolean auth(String line) throws IOException {
    if (line.equalsIgnoreCase("AUTH LOGIN")) {
      write("334 VXNlcm5hbWU6\r\n");
      sink.heard(line());
      write("334 UGFzc3dvcmQ6\r\n");
      sink.heard(line());
    }
    return answer("AUTH", line, "235 2.7.0 welcome");
  }

  private boolean mail(String line) throws IOException {
    reset();
    Optional<String> answer = scripted("MAIL", line);
    if (answer.isEmpty() || answer.get().startsWith("2")) {
      from = line.substring("MAIL FROM:".length());
    }
    return say(answer.orElse("250 2.1.0 sender ok"));
  }

  private boolean recipient(String line) throws IOException {
    String address = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
    String own = script.recipients.getOrDefault(address, "");
    boolean isForEnd = own.startsWith("end:");
    String answer =
        from.isEmpty()
            ? "503 5.5.1 MAIL first"
            : own.isEmpty() || isForEnd ? scripted("RCPT", line).orElse("250 2.1.5 ok") : own;
    if (answer.startsWith("2")) {
      recipients.add(address);
      recipientLines.add(line.substring("RCPT TO:".length()));
    }
    return say(answer);
  }

  private boolean data(String line) throws IOException {
    String fallback = recipients.isEmpty() ? "554 5.5.1 no valid recipients" : "354 go ahead";
    String answer = scripted("DATA", line).orElse(fallback);
    if (!say(answer)) {
      return false;
    }
    if (!answer.startsWith("3")) {
      return true;
    }
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    for (String text = line(); !text.equals("."); text = line()) {
      if (text.equals("\0")) {
        throw new EOFException("in the middle of a message");
      }
      String undotted = text.startsWith(".") ? text.substring(1) : text;
      message.write((undotted + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      if (message.size() >= script.earlyAfter) {
        return say(script.early);
      }
    }
    return end(message.toString(StandardCharsets.ISO_8859_1));
  }

  private boolean chunk(String line) throws IOException {
    String[] words = line.split(" ", -1);
    if (Integer.parseInt(words[1]) > script.earlyAfter) {
      in.readNBytes(script.earlyAfter);
      return say(script.early);
    }
    byte[] octets = in.readNBytes(Integer.parseInt(words[1]));
    if (octets.length < Integer.parseInt(words[1])) {
      throw new EOFException("in the middle of a chunk");
    }
    chunks.write(octets);
    if (words.length < 3) {
      return say(scripted("BDAT", line).orElse("250 2.0.0 more"));
    }
    Optional<String> answer =
        recipients.isEmpty() ? Optional.of("503 5.5.1 RCPT first") : Optional.empty();
    return answer.isPresent()
        ? say(answer.get())
        : end(chunks.toString(StandardCharsets.ISO_8859_1));
  }

  private boolean end(String message) throws IOException {
    List<String> answers = new ArrayList<>();
    if (script.isLmtp) {
      for (String recipient : recipients) {
        String own = script.recipients.getOrDefault(recipient, "");
        answers.add(
            own.startsWith("end:")
                ? own.substring("end:".length())
                : scripted("end", "end").orElse("250 2.0.0 " + recipient + " taken"));
      }
    } else {
      answers.add(scripted("end", "end").orElse("250 2.0.0 taken"));
    }
    boolean isAcknowledged = answers.stream().anyMatch(answer -> answer.startsWith("2"));
    sink.took(
        new ReceivedMail(from, recipients, recipientLines, message, tls, isAcknowledged, number));
    reset();
    for (String answer : answers) {
      if (!say(answer)) {
        return false;
      }
    }
    return true;
  }

  private void reset() {
    from = "";
    recipients.clear();
    recipientLines.clear();
    chunks.reset();
  }

  private Optional<String> scripted(String verb, String line) {
    Optional<String> answer = script.other.apply(number, line);
    return answer.or(() -> Optional.ofNullable(script.answers.get(verb)));
  }

  private boolean answer(String verb, String line, String fallback) throws IOException {
    return say(scripted(verb, line).orElse(fallback));
  }

  /** Whether the connection is still there. */
  private boolean say(String answer) throws IOException {
    switch (answer) {
      case SinkScript.DROP -> {
        SmtpSink.reset(plain);
        return false;
      }
      case SinkScript.SILENCE -> {
        while (in.read() >= 0) {
          // Takes what comes and says nothing.
        }
        return false;
      }
      case SinkScript.SWALLOW -> {
        return true;
      }
      default -> {
        write(
            answer.replace(SinkScript.STALL, "").replace(SinkScript.CLOSE, "").replace("\n", "\r\n")
                + "\r\n");
        while (answer.endsWith(SinkScript.STALL) && !plain.isClosed()) {
          LockSupport.parkNanos(10_000_000);
        }
      }
    }
    if (answer.endsWith(SinkScript.CLOSE)) {
      plain.shutdownOutput();
      in.transferTo(OutputStream.nullOutputStream());
      return false;
    }
    return !answer.startsWith("421");
  }

  private void write(String text) throws IOException {
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    if (script.drip.isZero()) {
      out.write(octets);
    } else {
      for (byte octet : octets) {
        out.write(octet);
        out.flush();
        LockSupport.parkNanos(script.drip.toNanos());
      }
    }
    out.flush();
  }

  /** Without its CRLF; NUL at the end of the stream. */
  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int octet = in.read();
    while (octet >= 0 && octet != '\n') {
      if (line.size() > ENOUGH_IN_BYTES) {
        throw new IOException("a line without an end");
      }
      line.write(octet);
      octet = in.read();
    }
    if (octet < 0) {
      return "\0";
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
