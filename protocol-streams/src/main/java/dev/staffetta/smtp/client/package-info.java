/**
 * The side of SMTP and LMTP that sends (RFC 5321, RFC 2033): one connection, as framer, grammar and
 * pure session. It knows where to connect and with what security, and neither looks names up nor
 * decides when to try again.
 */
package dev.staffetta.smtp.client;
