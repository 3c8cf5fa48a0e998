package dev.staffetta.mime;

import java.util.Optional;

/**
 * An address of a header field, in IMAP's four pieces (RFC 9051 7.5.2, ENVELOPE), without quotes
 * and backslashes.
 *
 * <p>A group is a start mark, its addresses, an end mark. The start has only a mailbox, which is
 * the group's name; the end has nothing. Every other address has a mailbox and a host, either of
 * which may be an empty text when the field lacks it.
 *
 * @param name who it is; encoded words are not decoded
 * @param route source route as sent: {@code @a,@b} (RFC 5322 4.4)
 * @param mailbox the local part
 * @param host the domain
 */
public record Address(
    Optional<String> name,
    Optional<String> route,
    Optional<String> mailbox,
    Optional<String> host) {
  /** Ends a group. */
  static final Address GROUP_END =
      new Address(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Starts the group of this name. */
  static Address groupStart(String name) {
    return new Address(Optional.empty(), Optional.empty(), Optional.of(name), Optional.empty());
  }

  static Address of(String name, String route, String mailbox, String host) {
    return new Address(
        Optional.of(name).filter(n -> !n.isEmpty()),
        Optional.of(route).filter(r -> !r.isEmpty()),
        Optional.of(mailbox),
        Optional.of(host));
  }

  /** Whether it only marks the start or the end of a group. */
  public boolean isGroupMark() {
    return host.isEmpty();
  }
}
