package dev.staffetta.imap.grammar;

/** What STATUS can tell of a mailbox; named as the command names it. */
public enum StatusItem {
  MESSAGES,
  /** RFC 3501 6.3.10. */
  RECENT,
  UIDNEXT,
  UIDVALIDITY,
  UNSEEN,
  /** The sum of all sizes, in octets (RFC 8438). */
  SIZE,
  /** The largest message that APPEND takes, in octets (RFC 7889). */
  APPENDLIMIT
}
