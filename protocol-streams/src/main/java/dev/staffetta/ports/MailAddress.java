package dev.staffetta.ports;

/**
 * An address of the envelope: {@code local-part@domain} (RFC 5321 4.1.2, Mailbox), unquoted.
 *
 * @param localPart as sent, without quotes and backslashes
 * @param domain lower-case, without a trailing dot; an address literal with its brackets
 */
public record MailAddress(String localPart, String domain) {
  @Override
  public String toString() {
    return localPart + "@" + domain;
  }
}
