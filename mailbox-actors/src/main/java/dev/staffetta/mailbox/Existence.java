package dev.staffetta.mailbox;

import dev.staffetta.mailbox.MailboxState.Stage;
import dev.staffetta.ports.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a mailbox that has written nothing knows of itself: what its account says, and the commands
 * that wait for that. Belongs to the mailbox's actor; used on its thread only.
 */
final class Existence {
  /** Commands that may wait for the account's answer. */
  private static final int MAX_WAITING = 1000;

  private final List<MailboxCommand> waiting = new ArrayList<>();

  /** Given by the account; until the first change is written. */
  private OptionalLong newUidValidity = OptionalLong.empty();

  /** Every mailbox of this number with a UIDVALIDITY up to this one is to be no more. */
  private long deletedUpTo;

  private boolean isAsked;

  /** Whether it is known that the mailbox is there. */
  boolean isOpen(MailboxState state) {
    return state.stage() == Stage.OPEN || newUidValidity.isPresent();
  }

  /** The state as the next command finds it: a mailbox that has written nothing yet is empty. */
  MailboxState base(MailboxState state) {
    return created(state).isEmpty() ? state : state.created(newUidValidity.getAsLong());
  }

  /** What has to be written before the first other change. */
  List<MailboxChange> created(MailboxState state) {
    return state.stage() != Stage.OPEN && newUidValidity.isPresent()
        ? List.of(new MailboxChange.Created(newUidValidity.getAsLong()))
        : List.of();
  }

  /** It is in the state now. */
  void written() {
    newUidValidity = OptionalLong.empty();
  }

  /** Has a command wait until the account has answered. */
  void await(MailboxCommand command) {
    if (waiting.size() < MAX_WAITING) {
      waiting.add(command);
    } else {
      command.refuse(Refusal.Code.UNAVAILABLE, "busy, try again later");
    }
  }

  /** Whether the account is to be asked now; then it is taken to be. */
  boolean startAsking() {
    boolean start = !isAsked && !waiting.isEmpty();
    isAsked = isAsked || start;
    return start;
  }

  /** The account has not answered. */
  void unanswered() {
    isAsked = false;
  }

  /**
   * The account has answered.
   *
   * @param uidValidity empty: there is no such mailbox
   * @return the commands that can go on; the others are refused
   */
  List<MailboxCommand> answered(MailboxState state, OptionalLong uidValidity) {
    isAsked = false;
    List<MailboxCommand> commands = List.copyOf(waiting);
    waiting.clear();
    boolean isNew = uidValidity.orElse(0) > Math.max(state.uidValidity(), deletedUpTo);
    if (isNew && state.messages().isEmpty()) {
      newUidValidity = uidValidity;
      return commands;
    }
    commands.forEach(
        command -> command.refuse(Refusal.Code.NONEXISTENT, "the mailbox does not exist"));
    return List.of();
  }

  /** Whatever the account said or says: mailboxes up to this UIDVALIDITY are gone. */
  void deleted(long uidValidity) {
    deletedUpTo = Math.max(deletedUpTo, uidValidity);
  }

  boolean isIdle() {
    return waiting.isEmpty();
  }

  /** The actor ends. */
  void refuseAll() {
    waiting.forEach(command -> command.refuse(Refusal.Code.UNAVAILABLE, "try again"));
  }
}
