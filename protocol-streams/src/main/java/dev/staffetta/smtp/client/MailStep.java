package dev.staffetta.smtp.client;

import dev.staffetta.smtp.client.ClientState.Mailing;
import dev.staffetta.smtp.client.RecipientOutcome.Result;
import dev.staffetta.smtp.client.RecipientOutcome.Scope;
import dev.staffetta.smtp.client.Transaction.Due;
import dev.staffetta.smtp.client.Transaction.Verb;
import dev.staffetta.wire.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * A message from MAIL to its outcomes.
 *
 * <p>With PIPELINING as many commands go in one flight as fit in {@link #FLIGHT_IN_OCTETS}, DATA
 * with the last RCPT; so few that both sides can have all of it, and the answers, in their buffers,
 * and neither waits for the other (RFC 2920 3.1). BDAT waits for the answers to RCPT: the message
 * would be sent in vain if nobody is accepted.
 */
final class MailStep {
  private static final int FLIGHT_IN_OCTETS = 8 * 1024;

  private final ClientRules rules;

  MailStep(ClientRules rules) {
    this.rules = rules;
  }

  /** Starts a message that has nothing against it. */
  Step<ClientState, ClientOutput, ClientEffect> begin(ClientState state, Transaction transaction) {
    StringBuilder text = new StringBuilder();
    List<Due> due = new ArrayList<>();
    if (state.needsReset()) {
      text.append(CommandGrammar.RSET);
      due.add(Due.of(Verb.RSET));
    }
    if (state.needsReset() && !state.offered().hasPipelining()) {
      return say(state, transaction, text, due);
    }
    return mail(state, transaction, text, due);
  }

  private Step<ClientState, ClientOutput, ClientEffect> mail(
      ClientState state, Transaction transaction, StringBuilder text, List<Due> due) {
    text.append(CommandGrammar.mail(transaction.mail(), state.offered()));
    due.add(Due.of(Verb.MAIL));
    return state.offered().hasPipelining()
        ? recipients(state, transaction, text, due)
        : say(state, transaction, text, due);
  }

  private Step<ClientState, ClientOutput, ClientEffect> recipients(
      ClientState state, Transaction transaction, StringBuilder text, List<Due> due) {
    boolean isPipelined = state.offered().hasPipelining();
    int next = transaction.named();
    boolean isFull = false;
    while (next < transaction.size() && !isFull) {
      if (!transaction.isDecided(next)) {
        text.append(
            CommandGrammar.recipient(
                transaction.recipient(next),
                transaction.mail().options().of(transaction.recipient(next)),
                state.offered()));
        due.add(new Due(Verb.RCPT, next));
        isFull = !isPipelined || text.length() >= FLIGHT_IN_OCTETS;
      }
      next++;
    }
    if (due.isEmpty()) {
      return content(state, transaction.naming(next)); // Only such were left that are decided.
    }
    if (isPipelined && next == transaction.size() && !isFull && !state.offered().hasChunking()) {
      text.append(CommandGrammar.DATA);
      due.add(Due.of(Verb.DATA));
    }
    return say(state, transaction.naming(next), text, due);
  }

  private static Step<ClientState, ClientOutput, ClientEffect> say(
      ClientState state, Transaction transaction, StringBuilder text, List<Due> due) {
    return new Turn()
        .say(text.toString())
        .to(state.needingReset(true).with(new Mailing(transaction.withDue(due))));
  }

  /** An answer came that was due. */
  Step<ClientState, ClientOutput, ClientEffect> on(
      ClientState state, Transaction before, ServerReply reply) {
    Due due = before.due().get(0);
    if (reply.code() == ServerReply.CLOSING) {
      return close(
          state, before.decideRest(Result.TEMPORARY, reply.remote(), Scope.CONNECTION, false));
    }
    if (reply.isIntermediate() != (due.verb() == Verb.DATA && reply.code() < 400)) {
      return outOfStep(state, before, "it answered " + reply.code() + " to " + name(due));
    }
    Transaction after = before.afterDue();
    return switch (due.verb()) {
      case RSET -> reset(state, after, reply);
      case MAIL ->
          proceed(
              state,
              reply.isPositive()
                  ? after
                  : after.decideRest(result(reply), reply.remote(), Scope.MESSAGE, false));
      case RCPT -> proceed(state, recipient(after, due.recipient(), reply));
      case DATA -> data(state, after, reply);
      case END -> proceed(state.needingReset(false), end(state, after, due.recipient(), reply));
      case LONE_DOT -> proceed(state, after);
    };
  }

  private Step<ClientState, ClientOutput, ClientEffect> reset(
      ClientState state, Transaction transaction, ServerReply reply) {
    if (!reply.isPositive()) {
      return close(
          state,
          transaction.decideRest(Result.TEMPORARY, temporary(reply), Scope.CONNECTION, false));
    }
    return transaction.due().isEmpty()
        ? mail(state, transaction, new StringBuilder(), new ArrayList<>())
        : proceed(state, transaction);
  }

  private static Transaction recipient(Transaction transaction, int index, ServerReply reply) {
    Transaction answered = transaction.answering(index + 1);
    if (reply.isPositive()) {
      return answered;
    }
    // RFC 5321 4.5.3.1.10: 552 was the code for too many recipients, and still stands for 452.
    boolean isTooMany = reply.code() == 552;
    return answered.decide(
        index,
        isTooMany ? Result.TEMPORARY : result(reply),
        isTooMany ? temporary(reply) : reply.remote(),
        Scope.RECIPIENT,
        false);
  }

  private Step<ClientState, ClientOutput, ClientEffect> data(
      ClientState state, Transaction transaction, ServerReply reply) {
    List<Integer> accepted = transaction.accepted();
    if (!reply.isIntermediate()) {
      return proceed(
          state, transaction.decideRest(result(reply), reply.remote(), Scope.MESSAGE, false));
    }
    if (accepted.isEmpty()) {
      // RFC 2920 3.1: it takes DATA although it refused every recipient.
      return new Turn()
          .say(CommandGrammar.LONE_DOT)
          .to(state.with(new Mailing(transaction.withDue(List.of(Due.of(Verb.LONE_DOT))))));
    }
    return new Turn()
        .put(new ClientOutput.Dotted(transaction.mail()))
        .to(state.with(new Mailing(transaction.withDue(ends(accepted)))));
  }

  private Step<ClientState, ClientOutput, ClientEffect> content(
      ClientState state, Transaction transaction) {
    if (!state.offered().hasChunking()) {
      return say(
          state, transaction, new StringBuilder(CommandGrammar.DATA), List.of(Due.of(Verb.DATA)));
    }
    return new Turn()
        .say(CommandGrammar.lastChunk(transaction.mail().size()))
        .put(new ClientOutput.Counted(transaction.mail()))
        .to(state.with(new Mailing(transaction.withDue(ends(transaction.accepted())))));
  }

  /** RFC 2033 4.2: LMTP answers for each recipient that was accepted. */
  private List<Due> ends(List<Integer> accepted) {
    return rules.isLmtp()
        ? accepted.stream().map(index -> new Due(Verb.END, index)).toList()
        : List.of(Due.of(Verb.END));
  }

  private static Transaction end(
      ClientState state, Transaction transaction, int recipient, ServerReply reply) {
    boolean isReported = reply.isPositive() && state.offered().hasReports();
    return recipient == Due.ALL
        ? transaction.decideRest(result(reply), reply.remote(), Scope.MESSAGE, isReported)
        : transaction.decide(recipient, result(reply), reply.remote(), Scope.RECIPIENT, isReported);
  }

  /** Says what comes next when all that was said is answered. */
  private Step<ClientState, ClientOutput, ClientEffect> proceed(
      ClientState state, Transaction transaction) {
    if (!transaction.due().isEmpty()) {
      return new Turn().to(state.with(new Mailing(transaction)));
    }
    if (transaction.isDecided()) {
      return new Turn()
          .run(new ClientEffect.Finished(transaction.decided(), true))
          .to(state.with(new ClientState.Idle()));
    }
    return transaction.named() < transaction.size()
        ? recipients(state, transaction, new StringBuilder(), new ArrayList<>())
        : content(state, transaction);
  }

  /**
   * The server does not wait for the end of the message. What it refuses is refused; the rest of
   * the message would be sent in vain, or taken for commands, so the connection ends.
   */
  Step<ClientState, ClientOutput, ClientEffect> interrupted(
      ClientState state, Transaction transaction, ServerReply reply) {
    if (reply.code() == ServerReply.CLOSING) {
      return close(
          state, transaction.decideRest(Result.TEMPORARY, reply.remote(), Scope.CONNECTION, false));
    } else if (reply.isPositive() || reply.isIntermediate()) {
      return lost(
          state,
          transaction,
          "it answered " + reply.code() + " before it had the whole message",
          true);
    }
    return close(
        state, transaction.decideRest(result(reply), reply.remote(), Scope.MESSAGE, false));
  }

  /** The connection is of no use any more. */
  Step<ClientState, ClientOutput, ClientEffect> lost(
      ClientState state, Transaction transaction, String why, boolean isInBody) {
    boolean isInDoubt = transaction.isInDoubt() && !isInBody;
    String text =
        isInDoubt ? "the outcome is unknown: the whole message was sent, then " + why : why;
    RemoteReply reply = new RemoteReply(0, "4.4.2", text);
    return close(state, transaction.decideRest(Result.TEMPORARY, reply, Scope.CONNECTION, false));
  }

  /**
   * An answer is missing, or is none to what was asked. A server that swallows answers to commands
   * in one flight makes later ones look like those to earlier commands: so what was taken for a
   * refusal of a recipient may not have been one, and is not final.
   */
  Step<ClientState, ClientOutput, ClientEffect> outOfStep(
      ClientState state, Transaction transaction, String why) {
    boolean isPipelined = state.offered().hasPipelining() && !transaction.isInDoubt();
    return lost(state, isPipelined ? transaction.undecided() : transaction, why, false);
  }

  /** It is we who cannot send the message. */
  Step<ClientState, ClientOutput, ClientEffect> unreadable(
      ClientState state, Transaction transaction, String why) {
    RemoteReply reply =
        new RemoteReply(0, "4.3.0", "the message could not be read from the store here: " + why);
    return close(state, transaction.decideRest(Result.TEMPORARY, reply, Scope.MESSAGE, false));
  }

  private static Step<ClientState, ClientOutput, ClientEffect> close(
      ClientState state, Transaction decided) {
    return new Turn().run(new ClientEffect.Finished(decided.decided(), false)).close(state);
  }

  private static Result result(ServerReply reply) {
    if (reply.isPositive()) {
      return Result.DELIVERED;
    }
    return reply.isPermanent() ? Result.PERMANENT : Result.TEMPORARY;
  }

  /** The same, as something that passes. */
  private static RemoteReply temporary(ServerReply reply) {
    RemoteReply remote = reply.remote();
    return new RemoteReply(remote.code(), "4" + remote.status().substring(1), remote.text());
  }

  private static String name(Due due) {
    return due.verb() == Verb.END || due.verb() == Verb.LONE_DOT
        ? "the message"
        : due.verb().toString();
  }
}
