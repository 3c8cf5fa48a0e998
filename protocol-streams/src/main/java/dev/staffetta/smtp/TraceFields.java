package dev.staffetta.smtp;

import dev.staffetta.ports.MailAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * The header fields that this server writes: where a message came from and went (RFC 5321 4.4), and
 * on submission what it should have had (RFC 6409 8.2, 8.3).
 *
 * <p>Return-Path is written here because most deliveries are final; it is left out of what goes on
 * to other servers.
 *
 * @param id names the message in this server's log; an Atom, unique while the server runs
 */
record TraceFields(SmtpRules rules, SmtpState state, String id, Instant now) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.US).withZone(ZoneOffset.UTC);

  /** The fields of the message that this turn begins. */
  static TraceFields of(Turn turn) {
    SmtpState state = turn.state();
    String connection = state.connection().id().replaceAll("[^A-Za-z0-9-]", "-");
    return new TraceFields(turn.rules(), state, connection + "-" + state.messages(), turn.now());
  }

  /** Return-Path, then Received. */
  ByteString fields(Transaction transaction) {
    StringBuilder text = new StringBuilder();
    text.append(returnPath(transaction.sender()));
    text.append("Received: from ")
        .append(state.hello().map(SmtpCommand.Hello::client).orElse("unknown"))
        .append(tcpInfo())
        .append("\r\n\tby ")
        .append(rules.hostName())
        .append(" with ")
        .append(with(transaction))
        .append(" id ")
        .append(id);
    if (transaction.recipients().size() == 1) {
      // With more, a blind copy would be told (RFC 5321 4.4, 7.2).
      MailAddress recipient = transaction.recipients().get(0);
      text.append("\r\n\tfor <").append(PathGrammar.mailbox(recipient)).append('>');
    }
    text.append(";\r\n\t").append(DATE.format(now)).append("\r\n");
    return ByteString.fromString(text.toString(), StandardCharsets.UTF_8);
  }

  /** The first field of all (RFC 5321 4.4). */
  static String returnPath(Optional<MailAddress> sender) {
    return "Return-Path: <" + sender.map(PathGrammar::mailbox).orElse("") + ">\r\n";
  }

  /** From, Date and Message-ID. */
  HeaderScan.Missing missingFields(Transaction transaction) {
    return new HeaderScan.Missing(
        transaction
            .sender()
            .map(sender -> "From: <" + PathGrammar.mailbox(sender) + ">\r\n")
            .orElse(""),
        "Date: " + DATE.format(now) + "\r\n",
        "Message-ID: <" + id + "." + now.toEpochMilli() + "@" + rules.hostName() + ">\r\n");
  }

  private String tcpInfo() {
    InetAddress address = state.connection().remote().getAddress();
    if (address == null) {
      return "";
    }
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    String plain = zone < 0 ? text : text.substring(0, zone);
    return " ([" + (address instanceof Inet6Address ? "IPv6:" : "") + plain + "])";
  }

  /** RFC 3848, and RFC 6531 4.3 for SMTPUTF8. */
  private String with(Transaction transaction) {
    Optional<SmtpCommand.Hello> extended = state.hello().filter(SmtpCommand.Hello::extended);
    if (extended.isEmpty()) {
      return "SMTP";
    }
    return (transaction.utf8() ? "UTF8SMTP" : "ESMTP")
        + (state.tls() ? "S" : "")
        + (state.account().isPresent() ? "A" : "");
  }
}
