package dev.staffetta.node;

import dev.staffetta.config.Service;
import dev.staffetta.config.Settings;
import dev.staffetta.imap.ImapPorts;
import dev.staffetta.imap.ImapProtocol;
import dev.staffetta.listen.ProtocolFactory;
import dev.staffetta.metrics.MeasuredAccounts;
import dev.staffetta.metrics.MeasuredDeliveries;
import dev.staffetta.metrics.SmtpReplies;
import dev.staffetta.pop3.Pop3Protocol;
import dev.staffetta.ports.Accounts;
import dev.staffetta.smtp.SmtpRole;
import dev.staffetta.smtp.SmtpService;
import dev.staffetta.system.MailSystem;
import dev.staffetta.wire.Connection;
import dev.staffetta.wire.Protocol;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.util.ByteString;

/** What each service speaks, over one mail system. */
final class Protocols {
  private Protocols() {}

  /**
   * A factory a service.
   *
   * @param hostName in greetings and trace fields
   * @param meters where is counted what they do
   */
  static Map<Service, ProtocolFactory> of(
      Settings settings,
      String hostName,
      MailSystem mail,
      Materializer materializer,
      MeterRegistry meters) {
    ProtocolFactory receive = smtp(SmtpRole.RECEIVE, settings, hostName, mail, "smtp", meters);
    ProtocolFactory submission =
        smtp(SmtpRole.SUBMISSION, settings, hostName, mail, "submission", meters);
    Accounts pop3Accounts = new MeasuredAccounts(mail.accounts(), "pop3", meters);
    ProtocolFactory pop3 =
        factory(
            "-ERR [SYS/TEMP] too many connections, try again later\r\n",
            connection ->
                new Pop3Protocol(settings.pop3(), pop3Accounts, mail.mailboxes(), mail.contents()));
    ImapPorts imapPorts =
        new ImapPorts(
            new MeasuredAccounts(mail.accounts(), "imap", meters),
            mail.folders(),
            mail.mailboxes(),
            mail.contents(),
            mail.spool());
    ProtocolFactory imap =
        factory(
            "* BYE [UNAVAILABLE] too many connections, try again later\r\n",
            connection -> new ImapProtocol(settings.imap(), imapPorts, materializer));
    Map<Service, ProtocolFactory> all = new EnumMap<>(Service.class);
    for (Service service : Service.values()) {
      all.put(
          service,
          switch (service) {
            case SMTP -> receive;
            case SUBMISSION, SUBMISSIONS -> submission;
            case POP3, POP3S -> pop3;
            case IMAP, IMAPS -> imap;
          });
    }
    return all;
  }

  private static ProtocolFactory smtp(
      SmtpRole role,
      Settings settings,
      String hostName,
      MailSystem mail,
      String name,
      MeterRegistry meters) {
    SmtpService service =
        new SmtpService(
            role,
            hostName,
            settings.smtp(),
            new MeasuredAccounts(mail.accounts(), name, meters),
            new MeasuredDeliveries(mail.deliveries(), name, meters),
            mail.spool(),
            mail.directory(),
            mail.signatures());
    SmtpReplies replies = new SmtpReplies(name, meters);
    return factory(
        "421 4.7.0 " + hostName + " too many connections, try again later\r\n",
        connection -> replies.counted(service.connection()));
  }

  private static ProtocolFactory factory(
      String tooMany, Function<Connection, Protocol<?, ?, ?, ?, ?>> open) {
    ByteString refusal = ByteString.fromString(tooMany);
    return new ProtocolFactory() {
      @Override
      public Protocol<?, ?, ?, ?, ?> open(Connection connection) {
        return open.apply(connection);
      }

      @Override
      public ByteString tooManyConnections() {
        return refusal;
      }
    };
  }
}
