package dev.staffetta.smtp.client;

import dev.staffetta.smtp.client.ClientInput.Garbled;
import dev.staffetta.smtp.client.ClientInput.Heard;
import dev.staffetta.wire.Framer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Cuts what a server says into whole answers, of one line or several (RFC 5321 4.2.1).
 *
 * <p>An LF alone ends a line too, as some servers send it: an answer carries nothing that could be
 * smuggled past anyone. After the first thing that is no answer there is nothing but that: no one
 * can know which command a later answer would belong to.
 */
final class ReplyFramer implements Framer<Heard> {
  private static final int CODE_LENGTH = 3;
  private static final int SHOWN = 80;

  private final int maxLine;
  private final int maxLines;

  private ByteString waiting = ByteString.emptyByteString();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final List<String> lines = new ArrayList<>();
  private int code;
  private Optional<Heard> garbled = Optional.empty();

  /**
   * @param maxLine the longest line, in octets, without its end
   * @param maxLines of one answer
   */
  ReplyFramer(int maxLine, int maxLines) {
    this.maxLine = maxLine;
    this.maxLines = maxLines;
  }

  @Override
  public void offer(ByteString bytes) {
    if (garbled.isEmpty()) {
      waiting = waiting.concat(bytes);
    }
  }

  @Override
  public Optional<Heard> poll() {
    byte[] octets = waiting.toArrayUnsafe();
    for (int i = 0; i < octets.length && garbled.isEmpty(); i++) {
      if (octets[i] != '\n') {
        take(octets[i]);
        continue;
      }
      Optional<Heard> reply = endLine();
      if (reply.isPresent()) {
        waiting = ByteString.fromArrayUnsafe(octets, i + 1, octets.length - i - 1);
        return reply;
      }
    }
    waiting = ByteString.emptyByteString();
    return garbled;
  }

  private void take(byte octet) {
    // One more for the CR, which may turn out to be the line's end.
    if (line.size() > maxLine) {
      garble("a line longer than " + maxLine + " octets");
    } else {
      line.write(octet);
    }
  }

  private Optional<Heard> endLine() {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (text.endsWith("\r")) {
      text = text.substring(0, text.length() - 1);
    }
    if (!isReplyLine(text)) {
      return garble("'" + shown(text) + "', which is no answer of SMTP");
    }
    int its = Integer.parseInt(text.substring(0, CODE_LENGTH));
    if (!lines.isEmpty() && its != code) {
      return garble("one answer with the codes " + code + " and " + its);
    }
    if (lines.size() == maxLines) {
      return garble("an answer of more than " + maxLines + " lines");
    }
    code = its;
    lines.add(text.length() > CODE_LENGTH ? text.substring(CODE_LENGTH + 1) : "");
    if (text.length() > CODE_LENGTH && text.charAt(CODE_LENGTH) == '-') {
      return Optional.empty();
    }
    ServerReply reply = new ServerReply(code, lines);
    lines.clear();
    return Optional.of(reply);
  }

  private static boolean isReplyLine(String text) {
    return text.length() >= CODE_LENGTH
        && text.charAt(0) >= '2'
        && text.charAt(0) <= '5'
        && isDigit(text.charAt(1))
        && isDigit(text.charAt(2))
        && (text.length() == CODE_LENGTH || " -".indexOf(text.charAt(CODE_LENGTH)) >= 0);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private Optional<Heard> garble(String what) {
    garbled = Optional.of(new Garbled("it sent " + what));
    return garbled;
  }

  private static String shown(String text) {
    String start = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    return start.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
  }

  @Override
  public void mode(Mode mode) {
    throw new IllegalArgumentException("not a mode of answers: " + mode);
  }

  @Override
  public void reset() {
    waiting = ByteString.emptyByteString();
    line.reset();
    lines.clear();
    garbled = Optional.empty();
  }
}
