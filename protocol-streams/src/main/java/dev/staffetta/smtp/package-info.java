/**
 * SMTP receive and submission (RFC 5321, 6409): framing, grammar, session. It knows no socket and
 * no storage: those are behind {@link dev.staffetta.ports} and {@link dev.staffetta.wire}.
 */
package dev.staffetta.smtp;
