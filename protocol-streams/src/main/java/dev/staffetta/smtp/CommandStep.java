package dev.staffetta.smtp;

import dev.staffetta.ports.MailAddress;
import dev.staffetta.smtp.SmtpCommand.Auth;
import dev.staffetta.smtp.SmtpCommand.Bdat;
import dev.staffetta.smtp.SmtpCommand.Hello;
import dev.staffetta.smtp.SmtpCommand.Mail;
import dev.staffetta.smtp.SmtpCommand.NotUnderstood;
import dev.staffetta.smtp.SmtpCommand.Rcpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a session does on a command. */
final class CommandStep implements SmtpCommand.Visitor {
  private static final SmtpReply NO_MAIL = SmtpReply.of(503, "5.5.1", "send MAIL first");
  private static final SmtpReply NO_RECIPIENTS = SmtpReply.of(554, "5.5.1", "no valid recipients");
  private static final SmtpReply UNDER_BDAT =
      SmtpReply.of(503, "5.5.1", "a message is under way by BDAT; go on with it or send RSET");

  private final Turn turn;
  private final SmtpState state;
  private final Optional<Transaction> transaction;

  CommandStep(Turn turn, Optional<Transaction> transaction) {
    this.turn = turn;
    this.state = turn.state();
    this.transaction = transaction;
  }

  /** RFC 5321 4.1.1.1; also ends a transaction, as RSET does (4.1.4). */
  @Override
  public void hello(Hello hello) {
    abandon();
    turn.become(state.greeted(hello).phase(new AwaitingCommand()));
    List<String> lines = new ArrayList<>();
    lines.add(turn.rules().hostName() + " at your service");
    if (hello.extended()) {
      lines.addAll(extensions());
    }
    turn.reply(new SmtpReply(250, "", lines));
  }

  private List<String> extensions() {
    List<String> keywords = new ArrayList<>();
    keywords.add("PIPELINING");
    keywords.add("SIZE " + turn.rules().settings().maxMessageSizeInOctets());
    keywords.add("8BITMIME");
    keywords.add("ENHANCEDSTATUSCODES");
    keywords.add("CHUNKING");
    keywords.add("SMTPUTF8");
    if (turn.rules().relays()) {
      keywords.add("DSN");
      if (state.tls()) {
        keywords.add("REQUIRETLS");
      }
    }
    if (state.canStartTls()) {
      keywords.add("STARTTLS");
    }
    if (mayAuthenticate()) {
      keywords.add("AUTH PLAIN LOGIN");
    }
    return keywords;
  }

  @Override
  public void mail(Mail mail) {
    if (state.hello().isEmpty()) {
      turn.fault(SmtpReply.of(503, "5.5.1", "send EHLO or HELO first"));
    } else if (lacksAuthentication()) {
      turn.fault(authenticationRequired());
    } else if (transaction.isPresent()) {
      turn.fault(SmtpReply.of(503, "5.5.1", "a transaction is under way; send RSET first"));
    } else if (needsUtf8(mail.sender()) && !mail.parameters().utf8()) {
      turn.fault(SmtpReply.of(553, "5.6.7", "this sender address needs the parameter SMTPUTF8"));
    } else if (mail.parameters().requiresTls() && !state.tls()) {
      // RFC 8689 3: it is offered under TLS only.
      turn.fault(SmtpReply.of(530, "5.7.10", "REQUIRETLS needs TLS; send STARTTLS first"));
    } else if (mail.parameters().sizeInOctets().orElse(0)
        > turn.rules().settings().maxMessageSizeInOctets()) {
      // RFC 1870 6.1.
      turn.reply(tooBig(turn));
    } else if (mail.sender().isPresent() && mustBeChecked(mail.sender().get())) {
      turn.run(new SmtpEffect.CheckSender(state.account().get(), mail.sender().get()));
      turn.await(new CheckingSender(mail));
    } else {
      begin(mail, turn);
    }
  }

  /** Opens the transaction. */
  static void begin(Mail mail, Turn turn) {
    turn.reply(SmtpReply.of(250, "2.1.0", "sender ok"));
    turn.await(new AwaitingCommand(Transaction.from(mail)));
  }

  /** Nobody may send in another's name (RFC 6409 6.1). Port 25 knows nobody's name. */
  private boolean mustBeChecked(MailAddress sender) {
    return isSubmission()
        && !turn.rules().settings().submissionFromAnySender()
        && !SenderRights.isOwn(sender, state.account().get());
  }

  @Override
  public void rcpt(Rcpt rcpt) {
    Optional<MailAddress> recipient = rcpt.recipient();
    if (lacksAuthentication()) {
      turn.fault(authenticationRequired());
    } else if (transaction.isEmpty()) {
      turn.fault(NO_MAIL);
    } else if (transaction.get().intake().isPresent()) {
      turn.fault(UNDER_BDAT);
    } else if (needsUtf8(recipient) && !transaction.get().utf8()) {
      turn.refuseRecipient(
          SmtpReply.of(553, "5.6.7", "this address needs the parameter SMTPUTF8 at MAIL"));
    } else if (recipient.isPresent() && transaction.get().has(recipient.get())) {
      turn.reply(FindingRecipient.TAKEN);
    } else if (transaction.get().recipients().size() >= turn.rules().settings().maxRecipients()) {
      // RFC 5321 4.5.3.1.10.
      turn.reply(SmtpReply.of(452, "4.5.3", "too many recipients; send the rest in another mail"));
    } else {
      turn.run(new SmtpEffect.FindRecipient(recipient, state.account()));
      turn.await(new FindingRecipient(transaction.get(), rcpt.parameters()));
    }
  }

  @Override
  public void data() {
    if (lacksAuthentication()) {
      turn.fault(authenticationRequired());
    } else if (transaction.isEmpty()) {
      turn.fault(NO_MAIL);
    } else if (transaction.get().intake().isPresent()) {
      // RFC 3030 2: DATA and BDAT do not go together.
      turn.fault(UNDER_BDAT);
    } else if (transaction.get().recipients().isEmpty()) {
      turn.fault(NO_RECIPIENTS);
    } else {
      OpeningSpool.begin(transaction.get(), Optional.empty(), turn);
    }
  }

  /**
   * RFC 3030 2. The octets are on their way whatever the answer is, so a refusal skips them first.
   * It is not counted as a fault: a client that pipelines cannot know.
   */
  @Override
  public void bdat(Bdat bdat) {
    long limit = turn.rules().settings().maxMessageSizeInOctets();
    if (lacksAuthentication()) {
      Refusing.skip(bdat, authenticationRequired(), transaction, turn);
    } else if (transaction.isEmpty()) {
      Refusing.skip(bdat, NO_MAIL, transaction, turn);
    } else if (transaction.get().recipients().isEmpty()) {
      Refusing.skip(bdat, NO_RECIPIENTS, transaction, turn);
    } else if (bdat.octets() > limit - transaction.get().intake().map(Intake::octets).orElse(0L)) {
      abandon();
      Refusing.skip(bdat, tooBig(turn), Optional.empty(), turn);
    } else if (transaction.get().intake().isPresent()) {
      Receiving.begin(transaction.get(), transaction.get().intake().get(), bdat, turn);
    } else {
      OpeningSpool.begin(transaction.get(), Optional.of(bdat), turn);
    }
  }

  @Override
  public void rset() {
    abandon();
    turn.await(new AwaitingCommand());
    turn.reply(SmtpReply.of(250, "2.0.0", "ok"));
  }

  @Override
  public void noop() {
    turn.reply(SmtpReply.of(250, "2.0.0", "ok"));
  }

  /** Tells nothing of who is here (RFC 5321 3.5.3, 7.3). */
  @Override
  public void vrfy() {
    if (lacksAuthentication()) {
      turn.fault(authenticationRequired());
    } else {
      turn.reply(SmtpReply.of(252, "2.0.0", "cannot verify; send mail to it and see"));
    }
  }

  @Override
  public void help() {
    turn.reply(
        SmtpReply.of(
            214,
            "2.0.0",
            "EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT"
                + (state.canStartTls() ? " STARTTLS" : "")
                + (mayAuthenticate() ? " AUTH" : ""),
            "see RFC 5321"));
  }

  @Override
  public void quit() {
    abandon();
    turn.close(SmtpReply.of(221, "2.0.0", turn.rules().hostName() + " closing connection"));
  }

  /** RFC 3207 4: what was said before is forgotten, a transaction under way too. */
  @Override
  public void startTls() {
    if (state.tls()) {
      turn.fault(SmtpReply.of(503, "5.5.1", "TLS is on already"));
    } else if (!state.canStartTls()) {
      turn.fault(SmtpReply.of(502, "5.5.1", "STARTTLS is not offered"));
    } else {
      abandon();
      turn.reply(SmtpReply.of(220, "2.0.0", "go ahead"));
      turn.startTls();
      turn.become(state.secured());
    }
  }

  /** RFC 4954 4. */
  @Override
  public void auth(Auth auth) {
    if (!isSubmission()) {
      turn.fault(SmtpReply.of(502, "5.5.1", "AUTH is not offered; mail is submitted on port 587"));
    } else if (state.hello().filter(Hello::extended).isEmpty()) {
      turn.fault(SmtpReply.of(503, "5.5.1", "send EHLO first"));
    } else if (state.account().isPresent()) {
      turn.fault(SmtpReply.of(503, "5.5.1", "authenticated already"));
    } else if (transaction.isPresent()) {
      turn.fault(SmtpReply.of(503, "5.5.1", "AUTH is not allowed in a transaction"));
    } else if (!state.isConfidential()) {
      turn.fault(SmtpReply.of(538, "5.7.11", "start TLS before you send a password"));
    } else {
      SaslExchange.begin(auth, turn);
    }
  }

  @Override
  public void notUnderstood(NotUnderstood notUnderstood) {
    turn.fault(notUnderstood.reply());
  }

  static SmtpReply tooBig(Turn turn) {
    return SmtpReply.of(
        552,
        "5.3.4",
        "a message may have "
            + turn.rules().settings().maxMessageSizeInOctets()
            + " octets, not more");
  }

  private boolean isSubmission() {
    return turn.rules().role() == SmtpRole.SUBMISSION;
  }

  private boolean mayAuthenticate() {
    return isSubmission() && state.isConfidential();
  }

  private boolean lacksAuthentication() {
    return isSubmission() && state.account().isEmpty();
  }

  /** RFC 4954 6, RFC 3207 4. */
  private SmtpReply authenticationRequired() {
    return SmtpReply.of(
        530,
        "5.7.0",
        state.isConfidential() ? "authentication required" : "start TLS, then authenticate");
  }

  private static boolean needsUtf8(Optional<MailAddress> address) {
    return address.isPresent() && !PathGrammar.isAscii(address.get().localPart());
  }

  /** Frees what a BDAT has put into the spool. */
  private void abandon() {
    if (transaction.isPresent() && transaction.get().intake().isPresent()) {
      turn.run(new SmtpEffect.Abandon());
    }
  }
}
