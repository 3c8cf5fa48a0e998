/**
 * A server of SMTP and LMTP that does what its script says, be it ever so wrong, and keeps what it
 * received: for the tests of everything that sends mail.
 */
package dev.staffetta.smtp.sink;
