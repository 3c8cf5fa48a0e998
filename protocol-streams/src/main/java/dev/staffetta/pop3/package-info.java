/**
 * POP3 (RFC 1939) with CAPA and response codes (RFC 2449, 3206), STLS (RFC 2595) and AUTH PLAIN
 * (RFC 5034): framing, grammar, session. It knows no socket and no storage: those are behind {@link
 * dev.staffetta.ports} and {@link dev.staffetta.wire}.
 *
 * <p>The way of a command: {@link dev.staffetta.pop3.Pop3Framer} cuts a line, {@link
 * dev.staffetta.pop3.Pop3Grammar} makes it a {@link dev.staffetta.pop3.Pop3Command}, {@link
 * dev.staffetta.pop3.Pop3Session} answers it with a {@link dev.staffetta.pop3.Pop3Reply} or a
 * {@link dev.staffetta.pop3.Pop3Effect}, and {@link dev.staffetta.pop3.Pop3Protocol} carries those
 * out.
 *
 * <p>The maildrop is the INBOX as it stood at login. Messages go out byte for byte as they are
 * stored; what that means for those whose lines do not end in CRLF is said at {@link
 * dev.staffetta.pop3.DotStuffing}.
 */
package dev.staffetta.pop3;
