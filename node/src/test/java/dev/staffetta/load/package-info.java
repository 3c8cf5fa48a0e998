/**
 * The benchmark: a load program that measures a mail server from outside, over its sockets, and
 * prints figures. It asserts nothing: a machine's speed is not a test's business. It measures any
 * server that speaks SMTP and IMAP, so that two can be put side by side.
 */
package dev.staffetta.load;
