package dev.staffetta.smtp;

import dev.staffetta.config.SmtpSettings;
import dev.staffetta.ports.Refusal;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Takes the octets of a message into the spool, chunk by chunk: the next comes when the spool has
 * the last.
 *
 * @param bdat the command whose octets these are; empty: DATA
 */
record Receiving(Transaction transaction, Intake intake, Optional<SmtpCommand.Bdat> bdat)
    implements SmtpPhase {
  static final SmtpReply NO_ROOM =
      SmtpReply.of(452, "4.3.1", "no room for it now, try again later");

  private static final SmtpReply BARE_CR_OR_LF =
      SmtpReply.of(554, "5.6.0", "the message has a CR or LF that is not part of a CRLF");
  private static final SmtpReply MANY_FROM =
      SmtpReply.of(554, "5.6.0", "the message has more than one From field (RFC 5322 3.6)");
  private static final SmtpReply LOOP = SmtpReply.of(554, "5.4.6", "too many hops, a mail loop");

  /** Begins with the octets of one BDAT. */
  static void begin(Transaction transaction, Intake intake, SmtpCommand.Bdat bdat, Turn turn) {
    Receiving receiving = new Receiving(transaction, intake, Optional.of(bdat));
    turn.await(receiving);
    if (bdat.octets() == 0) {
      receiving.end(true, turn);
    } else {
      turn.receive(new SmtpMode.Counted(bdat.octets(), intake.afterCr()));
    }
  }

  @Override
  public Duration timeout(SmtpSettings settings) {
    return settings.dataTimeout();
  }

  @Override
  public void chunk(ByteString octets, Turn turn) {
    BlindCopies.Scanned visible = intake.blindCopies().take(octets);
    HeaderScan.Scanned scanned = intake.scan().take(visible.octets());
    Intake next = intake.then(visible.next(), scanned.next(), octets);
    if (next.octets() > turn.rules().settings().maxMessageSizeInOctets()) {
      refuse(CommandStep.tooBig(turn), turn);
    } else if (scanned.next().receivedFields() > turn.rules().settings().maxReceivedFields()) {
      // RFC 5321 6.3.
      refuse(LOOP, turn);
    } else {
      turn.await(new Receiving(transaction, next, bdat));
      if (scanned.octets().nonEmpty()) {
        turn.run(new SmtpEffect.Append(scanned.octets()));
      }
    }
  }

  @Override
  public void spooled(Turn turn) {
    // The next frame may come.
  }

  @Override
  public void dropped(Turn turn) {
    refuse(BARE_CR_OR_LF, turn);
  }

  @Override
  public void failed(Refusal refusal, Turn turn) {
    refuse(refusal.code() == Refusal.Code.TOOBIG ? CommandStep.tooBig(turn) : NO_ROOM, turn);
  }

  @Override
  public void end(boolean clean, Turn turn) {
    boolean whole = bdat.isEmpty() || bdat.get().last();
    if (!clean || (whole && intake.afterCr())) {
      turn.run(new SmtpEffect.Abandon());
      turn.await(new AwaitingCommand());
      turn.reply(BARE_CR_OR_LF);
    } else if (whole && isOfManyAuthors(turn)) {
      turn.run(new SmtpEffect.Abandon());
      turn.await(new AwaitingCommand());
      turn.reply(MANY_FROM);
    } else if (whole) {
      turn.run(
          new SmtpEffect.Deliver(
              intake.id(), transaction.envelope(turn.state().account()), intake.rest().octets()));
      turn.await(new Delivering());
    } else {
      turn.await(new AwaitingCommand(transaction.with(intake)));
      turn.reply(SmtpReply.of(250, "2.0.0", bdat.get().octets() + " octets received"));
    }
  }

  /** Which of several From fields is shown, and was to be checked, nobody knows. */
  private boolean isOfManyAuthors(Turn turn) {
    return turn.rules().role() == SmtpRole.SUBMISSION && intake.rest().fromFields() > 1;
  }

  private void refuse(SmtpReply reply, Turn turn) {
    turn.run(new SmtpEffect.Abandon());
    turn.await(new Refusing(reply, Optional.empty()));
  }
}
