package dev.staffetta.imap.search;

/**
 * A text that is looked for in a message's bytes.
 *
 * @param index among those of one search, from 0
 * @param field the name, lower-case, if it is looked for in one field; else empty
 */
record ContentText(int index, Where where, String field, Needle needle) {
  /** Where it may be. */
  enum Where {
    /** In the value of a field of the message's header (HEADER). */
    FIELD,
    /** In the body: its texts and the messages in it (BODY). */
    BODY,
    /** In the header or the body, fields of parts included (TEXT). */
    ANYWHERE
  }
}
