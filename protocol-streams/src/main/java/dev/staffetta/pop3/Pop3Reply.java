package dev.staffetta.pop3;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Message;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a session says to its client, or does with the connection. */
sealed interface Pop3Reply {
  /** What the reply is; a new one cannot be forgotten. */
  <T> T accept(Visitor<T> visitor);

  /** {@code +OK text}. */
  record Ok(String text) implements Pop3Reply {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.ok(this);
    }
  }

  /** {@code -ERR [code] text}. */
  record Err(Optional<ResponseCode> code, String text) implements Pop3Reply {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.err(this);
    }
  }

  /** {@code + }: the SASL response may come (RFC 5034 4); PLAIN has no challenge. */
  record Challenge() implements Pop3Reply {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.challenge(this);
    }
  }

  /** A multi-line response of few lines. */
  record Lines(String text, List<String> lines) implements Pop3Reply {
    public Lines {
      lines = List.copyOf(lines);
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.lines(this);
    }
  }

  /** A scan listing for every message (RFC 1939 5, LIST). */
  record ScanListings(Maildrop maildrop) implements Pop3Reply {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.scanListings(this);
    }
  }

  /** A unique-id listing for every message (RFC 1939 7, UIDL). */
  record UniqueIdListings(Maildrop maildrop) implements Pop3Reply {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.uniqueIdListings(this);
    }
  }

  /**
   * A message.
   *
   * @param bodyLines how many lines after the header; empty: the whole message
   */
  record Content(AccountId account, Message message, OptionalInt bodyLines) implements Pop3Reply {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.content(this);
    }
  }

  /** TLS from here on. */
  record StartTls() implements Pop3Reply {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.startTls(this);
    }
  }

  /** No more. */
  record Close() implements Pop3Reply {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.close(this);
    }
  }

  /** One method a case. */
  interface Visitor<T> {
    T ok(Ok ok);

    T err(Err err);

    T challenge(Challenge challenge);

    T lines(Lines lines);

    T scanListings(ScanListings listings);

    T uniqueIdListings(UniqueIdListings listings);

    T content(Content content);

    T startTls(StartTls startTls);

    T close(Close close);
  }
}
