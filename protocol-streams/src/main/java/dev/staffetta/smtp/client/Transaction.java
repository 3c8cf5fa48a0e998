package dev.staffetta.smtp.client;

import dev.staffetta.config.RelayClientSettings;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.smtp.client.RecipientOutcome.Result;
import dev.staffetta.smtp.client.RecipientOutcome.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * One message on its way through a connection. A recipient has an outcome, or has not been named,
 * or its RCPT was not answered yet, or it is accepted: the last are those below {@link #answered}
 * without an outcome.
 *
 * @param outcomes one a recipient; empty: not decided
 * @param named how many recipients were named in RCPT, or are decided and never will be
 * @param answered how many of these were answered
 * @param due the answers that the server owes, in order
 */
record Transaction(
    OutgoingMail mail,
    List<Optional<RecipientOutcome>> outcomes,
    int named,
    int answered,
    List<Due> due) {
  /** A command that the server has not answered. */
  enum Verb {
    RSET,
    MAIL,
    RCPT,
    DATA,
    /** The end of the message. */
    END,
    /** The end of a message that was not sent, since there was nobody to send it to. */
    LONE_DOT
  }

  /**
   * An answer that is due.
   *
   * @param recipient its index, of RCPT, and of END in LMTP; negative: all
   */
  record Due(Verb verb, int recipient) {
    static final int ALL = -1;

    static Due of(Verb verb) {
      return new Due(verb, ALL);
    }
  }

  Transaction {
    outcomes = List.copyOf(outcomes);
    due = List.copyOf(due);
  }

  static Transaction of(OutgoingMail mail) {
    return new Transaction(
        mail, Collections.nCopies(mail.recipients().size(), Optional.empty()), 0, 0, List.of());
  }

  int size() {
    return outcomes.size();
  }

  MailAddress recipient(int index) {
    return mail.recipients().get(index);
  }

  boolean isDecided(int index) {
    return outcomes.get(index).isPresent();
  }

  boolean isDecided() {
    return outcomes.stream().allMatch(Optional::isPresent);
  }

  /** Those that wait for the message, by index. */
  List<Integer> accepted() {
    List<Integer> accepted = new ArrayList<>();
    for (int i = 0; i < answered; i++) {
      if (!isDecided(i)) {
        accepted.add(i);
      }
    }
    return accepted;
  }

  Transaction withDue(List<Due> next) {
    return new Transaction(mail, outcomes, named, answered, next);
  }

  Transaction naming(int count) {
    return new Transaction(mail, outcomes, count, answered, due);
  }

  Transaction answering(int count) {
    return new Transaction(mail, outcomes, named, count, due);
  }

  /** The next answer came. */
  Transaction afterDue() {
    return withDue(due.subList(1, due.size()));
  }

  /** A recipient is decided, if it was not. */
  Transaction decide(int index, Result result, RemoteReply reply, Scope scope, boolean reported) {
    if (isDecided(index)) {
      return this;
    }
    List<Optional<RecipientOutcome>> next = new ArrayList<>(outcomes);
    next.set(
        index, Optional.of(new RecipientOutcome(recipient(index), result, reply, scope, reported)));
    return new Transaction(mail, next, named, answered, due);
  }

  /** All that are not decided are. */
  Transaction decideRest(Result result, RemoteReply reply, Scope scope, boolean reported) {
    List<Optional<RecipientOutcome>> next = new ArrayList<>(outcomes);
    for (int i = 0; i < next.size(); i++) {
      if (next.get(i).isEmpty()) {
        next.set(
            i, Optional.of(new RecipientOutcome(recipient(i), result, reply, scope, reported)));
      }
    }
    return new Transaction(mail, next, named, answered, due);
  }

  /** What the server said of recipients is forgotten; what was known before it said it is not. */
  Transaction undecided() {
    List<Optional<RecipientOutcome>> kept =
        outcomes.stream().map(outcome -> outcome.filter(o -> o.reply().code() == 0)).toList();
    return new Transaction(mail, kept, named, answered, due);
  }

  List<RecipientOutcome> decided() {
    return outcomes.stream().flatMap(Optional::stream).toList();
  }

  private Optional<Verb> verb() {
    return due.isEmpty() ? Optional.empty() : Optional.of(due.get(0).verb());
  }

  /** Whether the server has the whole message, so that it may have taken it. */
  boolean isInDoubt() {
    return verb().equals(Optional.of(Verb.END));
  }

  Duration timeout(RelayClientSettings settings) {
    return switch (verb().orElse(Verb.MAIL)) {
      case RSET, MAIL -> settings.mail();
      case RCPT -> settings.recipient();
      case DATA -> settings.dataInitiation();
      case END, LONE_DOT -> settings.dataTermination();
    };
  }

  String awaited() {
    return verb()
        .map(
            verb ->
                switch (verb) {
                  case RSET, MAIL, RCPT, DATA -> "the answer to " + verb;
                  case END, LONE_DOT -> "the answer to the message";
                })
        .orElse("nothing");
  }
}
