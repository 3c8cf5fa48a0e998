package dev.staffetta.config;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;

/**
 * How long a connection to another server waits at each step, and how much that server may say: the
 * section {@code relay.client}.
 *
 * @param connect for the connection
 * @param handshake for TLS, from its start to its end
 * @param greeting for the greeting
 * @param hello for the answers to EHLO, STARTTLS and AUTH
 * @param mail for the answer to MAIL, and to RSET
 * @param recipient for the answer to RCPT
 * @param dataInitiation for the answer to DATA
 * @param dataBlock for the server to take the next piece of the message
 * @param dataTermination for the answer to the end of the message
 * @param idle between two messages
 * @param quit for the answer to QUIT
 * @param maxReplyLineInOctets of one line of an answer, without its end
 * @param maxReplyLines of one answer
 */
public record RelayClientSettings(
    Duration connect,
    Duration handshake,
    Duration greeting,
    Duration hello,
    Duration mail,
    Duration recipient,
    Duration dataInitiation,
    Duration dataBlock,
    Duration dataTermination,
    Duration idle,
    Duration quit,
    int maxReplyLineInOctets,
    int maxReplyLines) {
  /** RFC 5321 4.5.3.1.5. */
  private static final int LEAST_REPLY_LINE = 512;

  public RelayClientSettings {
    for (Duration limit :
        List.of(
            connect,
            handshake,
            greeting,
            hello,
            mail,
            recipient,
            dataInitiation,
            dataBlock,
            dataTermination,
            idle,
            quit)) {
      if (limit.toMillis() < 1) {
        throw new IllegalArgumentException("must be at least 1ms, not " + limit);
      }
    }
    if (maxReplyLineInOctets < LEAST_REPLY_LINE) {
      throw new IllegalArgumentException(
          "must be at least 512 octets (RFC 5321 4.5.3.1.5), not " + maxReplyLineInOctets);
    }
    if (maxReplyLines < 1) {
      throw new IllegalArgumentException("must be at least 1 line, not " + maxReplyLines);
    }
  }

  /** Reads the section. */
  public static RelayClientSettings from(Config section) {
    return new RelayClientSettings(
        section.getDuration("connect-timeout"),
        section.getDuration("handshake-timeout"),
        section.getDuration("greeting-timeout"),
        section.getDuration("hello-timeout"),
        section.getDuration("mail-timeout"),
        section.getDuration("recipient-timeout"),
        section.getDuration("data-initiation-timeout"),
        section.getDuration("data-block-timeout"),
        section.getDuration("data-termination-timeout"),
        section.getDuration("idle-timeout"),
        section.getDuration("quit-timeout"),
        (int) Math.min(Integer.MAX_VALUE, section.getBytes("max-reply-line")),
        section.getInt("max-reply-lines"));
  }
}
