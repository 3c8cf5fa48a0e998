package dev.staffetta.imap.grammar;

import java.util.Optional;

/** What the bytes of a command turned out to be. */
public sealed interface Parsed {
  /** A command with its tag. */
  record Understood(String tag, Command command) implements Parsed {}

  /**
   * No command.
   *
   * @param tag empty: there was none, so the reply is untagged (RFC 3501 7.1.3)
   * @param why for the client
   */
  record Bad(Optional<String> tag, String why) implements Parsed {}
}
