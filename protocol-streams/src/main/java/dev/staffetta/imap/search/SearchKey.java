package dev.staffetta.imap.search;

import dev.staffetta.imap.SequenceSet;
import dev.staffetta.ports.Flags;
import java.time.LocalDate;
import java.util.List;

/**
 * What SEARCH looks for (RFC 9051 6.4.4, RFC 3501 6.4.4). Keys that are the negation or the
 * combination of others are made of those: UNSEEN is {@code NOT SEEN}, NEW is {@code (RECENT
 * UNSEEN)}.
 */
public sealed interface SearchKey {
  SearchKey ALL = new All();
  SearchKey ANSWERED = new Flag(Flags.ANSWERED);
  SearchKey DELETED = new Flag(Flags.DELETED);
  SearchKey DRAFT = new Flag(Flags.DRAFT);
  SearchKey FLAGGED = new Flag(Flags.FLAGGED);
  SearchKey SEEN = new Flag(Flags.SEEN);
  SearchKey UNANSWERED = new Not(ANSWERED);
  SearchKey UNDELETED = new Not(DELETED);
  SearchKey UNDRAFT = new Not(DRAFT);
  SearchKey UNFLAGGED = new Not(FLAGGED);
  SearchKey UNSEEN = new Not(SEEN);
  SearchKey RECENT = new Recent();
  SearchKey OLD = new Not(RECENT);
  SearchKey NEW = new And(List.of(RECENT, UNSEEN));

  /** Calls the method of the visitor that is this key's. */
  <R> R accept(Visitor<R> visitor);

  /** How a date is compared: by the day alone, without time and zone. */
  enum When {
    BEFORE,
    ON,
    /** On that day or later. */
    SINCE;

    /** Whether {@code date} stands so to {@code day}. */
    public boolean holds(LocalDate date, LocalDate day) {
      return switch (this) {
        case BEFORE -> date.isBefore(day);
        case ON -> date.isEqual(day);
        case SINCE -> !date.isBefore(day);
      };
    }
  }

  /** A field of the envelope that holds addresses. */
  enum AddressField {
    FROM,
    TO,
    CC,
    BCC
  }

  /** Every message. */
  record All() implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.all(this);
    }
  }

  /** All of these: keys one after the other, or in parentheses. */
  record And(List<SearchKey> keys) implements SearchKey {
    public And {
      keys = List.copyOf(keys);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.and(this);
    }
  }

  /** {@code OR left right}. */
  record Or(SearchKey left, SearchKey right) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.or(this);
    }
  }

  /** {@code NOT key}. */
  record Not(SearchKey key) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.not(this);
    }
  }

  /** Has a system flag, a bit of {@link Flags}. */
  record Flag(long bit) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.flag(this);
    }
  }

  /** {@code KEYWORD name}; UNKEYWORD is its negation. Names are the same in any case. */
  record Keyword(String name) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.keyword(this);
    }
  }

  /** Has \Recent (RFC 3501 2.3.2). */
  record Recent() implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.recent(this);
    }
  }

  /** A sequence set: messages with these sequence numbers. */
  record Numbers(SequenceSet numbers) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.numbers(this);
    }
  }

  /** {@code UID set}. */
  record Uids(SequenceSet uids) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.uids(this);
    }
  }

  /** {@code MODSEQ value} (RFC 7162 3.1.5): changed at this modseq or later. */
  record Modseq(long atLeast) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.modseq(this);
    }
  }

  /** {@code LARGER n}, in octets. */
  record Larger(long size) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.larger(this);
    }
  }

  /** {@code SMALLER n}, in octets. */
  record Smaller(long size) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.smaller(this);
    }
  }

  /** {@code BEFORE}, {@code ON}, {@code SINCE}: the internal date, in UTC as FETCH shows it. */
  record InternalDate(When when, LocalDate day) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.internalDate(this);
    }
  }

  /** {@code SENTBEFORE}, {@code SENTON}, {@code SENTSINCE}: the day that the Date field names. */
  record SentDate(When when, LocalDate day) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.sentDate(this);
    }
  }

  /** {@code FROM}, {@code TO}, {@code CC}, {@code BCC}: text in an address of that field. */
  record Address(AddressField field, String text) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.address(this);
    }
  }

  /** {@code SUBJECT text}. */
  record Subject(String text) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.subject(this);
    }
  }

  /** {@code HEADER name text}; with an empty text: has that field at all. */
  record Header(String name, String text) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.header(this);
    }
  }

  /** {@code BODY text}. */
  record Body(String text) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.body(this);
    }
  }

  /** {@code TEXT text}: in the header or the body. */
  record Text(String text) implements SearchKey {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.text(this);
    }
  }

  /** Something to do for each kind of key. */
  interface Visitor<R> {
    R all(All key);

    R and(And key);

    R or(Or key);

    R not(Not key);

    R flag(Flag key);

    R keyword(Keyword key);

    R recent(Recent key);

    R numbers(Numbers key);

    R uids(Uids key);

    R modseq(Modseq key);

    R larger(Larger key);

    R smaller(Smaller key);

    R internalDate(InternalDate key);

    R sentDate(SentDate key);

    R address(Address key);

    R subject(Subject key);

    R header(Header key);

    R body(Body key);

    R text(Text key);
  }
}
