/**
 * SMTP receive and submission (RFC 5321, 6409): framing, grammar, session. It knows no socket and
 * no storage: those are behind {@link dev.staffetta.ports} and {@link dev.staffetta.wire}.
 *
 * <p>The way of a message: {@link dev.staffetta.smtp.SmtpFramer} cuts what the client sends into
 * lines and octets; {@link dev.staffetta.smtp.SmtpGrammar} makes commands of lines; {@link
 * dev.staffetta.smtp.SmtpSession} hands each input to the {@link dev.staffetta.smtp.SmtpPhase} that
 * the session is in, which says what to reply, what to ask, and what to wait for next; {@link
 * dev.staffetta.smtp.SmtpEffects} asks it. From outside only {@link dev.staffetta.smtp.SmtpService}
 * is needed.
 */
package dev.staffetta.smtp;
