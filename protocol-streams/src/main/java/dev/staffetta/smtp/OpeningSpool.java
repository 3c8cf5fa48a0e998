package dev.staffetta.smtp;

import dev.staffetta.ports.Refusal;
import java.util.Optional;

/**
 * Waits for the spool to take our trace fields (RFC 5321 4.4), so that a client is told to send
 * only what there is room for.
 *
 * @param bdat the command that brings the message; empty: DATA
 */
record OpeningSpool(Transaction transaction, Intake intake, Optional<SmtpCommand.Bdat> bdat)
    implements SmtpPhase {

  /** Begins a message. */
  static void begin(Transaction transaction, Optional<SmtpCommand.Bdat> bdat, Turn turn) {
    turn.become(turn.state().messageBegun());
    TraceFields trace = TraceFields.of(turn);
    boolean isSubmission = turn.rules().role() == SmtpRole.SUBMISSION;
    HeaderScan.Missing missing =
        isSubmission ? trace.missingFields(transaction) : HeaderScan.Missing.NOTHING;
    Intake intake =
        new Intake(
            trace.id(),
            isSubmission ? BlindCopies.start() : BlindCopies.none(),
            HeaderScan.start(missing));
    turn.run(new SmtpEffect.OpenSpool(trace.fields(transaction)));
    turn.await(new OpeningSpool(transaction, intake, bdat));
  }

  @Override
  public void spooled(Turn turn) {
    if (bdat.isPresent()) {
      Receiving.begin(transaction, intake, bdat.get(), turn);
    } else {
      turn.reply(SmtpReply.plain(354, "end the message with <CRLF>.<CRLF>"));
      turn.receive(new SmtpMode.Data());
      turn.await(new Receiving(transaction, intake, Optional.empty()));
    }
  }

  @Override
  public void failed(Refusal refusal, Turn turn) {
    turn.run(new SmtpEffect.Abandon());
    if (bdat.isPresent()) {
      Refusing.skip(bdat.get(), Receiving.NO_ROOM, Optional.empty(), turn);
    } else {
      turn.await(new AwaitingCommand());
      turn.reply(Receiving.NO_ROOM);
    }
  }
}
