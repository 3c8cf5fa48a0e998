/**
 * Servers of others on loopback, as Debian packages them, to send mail to and have mail from. Their
 * tests are skipped where they are not installed.
 */
package dev.staffetta.peers;
