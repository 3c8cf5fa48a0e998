package dev.staffetta.smtp;

import dev.staffetta.wire.Outgoing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.pekko.util.ByteString;

/**
 * A reply (RFC 5321 4.2).
 *
 * @param code of three digits
 * @param status the enhanced status code (RFC 3463), which stands in every line; empty in the
 *     greeting, the answers to HELO and EHLO, and all 3yz replies (RFC 2034 4)
 * @param lines at least one, without CR and LF
 */
record SmtpReply(int code, String status, List<String> lines) implements SmtpOutput {
  SmtpReply {
    lines = List.copyOf(lines);
  }

  /** With an enhanced status code such as {@code 2.1.0}. */
  static SmtpReply of(int code, String status, String... lines) {
    return new SmtpReply(code, status, List.of(lines));
  }

  /** Without an enhanced status code. */
  static SmtpReply plain(int code, String... lines) {
    return new SmtpReply(code, "", List.of(lines));
  }

  /** The reply as it is sent. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      text.append(code).append(i + 1 < lines.size() ? '-' : ' ');
      if (!status.isEmpty()) {
        text.append(status).append(' ');
      }
      text.append(lines.get(i)).append("\r\n");
    }
    return text.toString();
  }

  @Override
  public Outgoing outgoing() {
    return new Outgoing.Bytes(ByteString.fromString(text(), StandardCharsets.UTF_8));
  }
}
