package dev.staffetta.pop3;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The INBOX as it stood at login, and what the client has marked since. Message numbers count from
 * 1 and are fixed for the session (RFC 1939 5): what others add or remove meanwhile is not seen.
 *
 * @param uidValidity of the INBOX
 * @param messages all, the marked ones too
 * @param octets of all messages, in bytes
 */
record Maildrop(
    AccountId account,
    MailboxId mailbox,
    long uidValidity,
    MessageTable messages,
    long octets,
    Deletions deletions) {

  static Maildrop of(AccountId account, MailboxView inbox) {
    return new Maildrop(
        account,
        inbox.id(),
        inbox.uidValidity(),
        inbox.messages(),
        inbox.messages().stream().mapToLong(Message::size).sum(),
        Deletions.NONE);
  }

  /** How many messages are not marked. */
  int count() {
    return messages.size() - deletions.count();
  }

  /** The sum of the sizes of messages not marked, in bytes. */
  long unmarkedOctets() {
    return octets - deletions.octets();
  }

  boolean isMarked(int number) {
    return deletions.contains(number);
  }

  boolean exists(int number) {
    return number >= 1 && number <= messages.size();
  }

  /** The message of this number; empty: there is none, or it is marked. */
  Optional<Message> find(int number) {
    return exists(number) && !isMarked(number)
        ? Optional.of(messages.get(number))
        : Optional.empty();
  }

  /** With a mark at this message, which has none. */
  Maildrop mark(int number) {
    return withDeletions(deletions.with(number, messages.get(number).size()));
  }

  /** Without marks. */
  Maildrop unmark() {
    return withDeletions(Deletions.NONE);
  }

  private Maildrop withDeletions(Deletions marked) {
    return new Maildrop(account, mailbox, uidValidity, messages, octets, marked);
  }

  /** The UIDs of marked messages. */
  UidSet marked() {
    return deletions.count() == 0
        ? UidSet.EMPTY
        : UidSet.ofAscending(
            IntStream.rangeClosed(1, messages.size())
                .filter(this::isMarked)
                .mapToLong(messages::uid));
  }

  /**
   * A message's unique-id: the INBOX's UIDVALIDITY and the message's UID, which name it for ever
   * (RFC 1939 7, UIDL: 1 to 70 characters from 0x21 to 0x7E).
   */
  String uniqueId(int number) {
    return uidValidity + "." + messages.uid(number);
  }

  /** {@code 2 messages (320 octets)}. */
  String summary() {
    return count() + (count() == 1 ? " message (" : " messages (") + unmarkedOctets() + " octets)";
  }
}
