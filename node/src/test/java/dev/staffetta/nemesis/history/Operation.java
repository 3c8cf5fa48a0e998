package dev.staffetta.nemesis.history;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/** A change that a client asked for. */
public sealed interface Operation {
  /** Who, where, when, with what result. */
  Attempt attempt();

  /** The same with another result. */
  Operation withOutcome(Outcome outcome);

  /** Whether it is about this message or folder; to show what belongs to a violation. */
  boolean concerns(String token);

  /**
   * A new message, by SMTP or APPEND.
   *
   * @param token names its content; no two deliveries have the same
   * @param folders one a recipient
   * @param flags it is given
   * @param uid its UID, where the answer told it
   */
  record Delivery(
      Attempt attempt, String token, List<Folder> folders, Set<String> flags, OptionalLong uid)
      implements Operation {
    public Delivery {
      folders = List.copyOf(folders);
      flags = Set.copyOf(flags);
    }

    @Override
    public Operation withOutcome(Outcome outcome) {
      return new Delivery(attempt.withOutcome(outcome), token, folders, flags, uid);
    }

    @Override
    public boolean concerns(String other) {
      return token.equals(other);
    }
  }

  /** A flag set or cleared. */
  record FlagChange(Attempt attempt, Instance instance, String token, String flag, boolean sets)
      implements Operation {
    @Override
    public Operation withOutcome(Outcome outcome) {
      return new FlagChange(attempt.withOutcome(outcome), instance, token, flag, sets);
    }

    @Override
    public boolean concerns(String other) {
      return token.equals(other);
    }
  }

  /**
   * A message copied or moved to another folder of its account. Answered with success but without a
   * new UID it found no message, and counts as refused.
   *
   * @param uid in the target, where the answer told it
   */
  record Transfer(
      Attempt attempt,
      Instance source,
      String token,
      Folder target,
      OptionalLong uid,
      boolean moves)
      implements Operation {
    @Override
    public Operation withOutcome(Outcome outcome) {
      return new Transfer(attempt.withOutcome(outcome), source, token, target, uid, moves);
    }

    @Override
    public boolean concerns(String other) {
      return token.equals(other);
    }
  }

  /**
   * A message removed, by EXPUNGE or by POP3.
   *
   * @param by the command
   */
  record Removal(Attempt attempt, Instance instance, String token, String by) implements Operation {
    public Removal {
      Objects.requireNonNull(by);
    }

    @Override
    public Operation withOutcome(Outcome outcome) {
      return new Removal(attempt.withOutcome(outcome), instance, token, by);
    }

    @Override
    public boolean concerns(String other) {
      return token.equals(other);
    }
  }
}
