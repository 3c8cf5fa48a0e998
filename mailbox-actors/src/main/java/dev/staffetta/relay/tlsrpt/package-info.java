/**
 * Reports to other domains on the TLS that mail for them had (RFC 8460): counts by day, domain and
 * policy, and their way to those who asked for them in DNS. It decides nothing about connections.
 */
package dev.staffetta.relay.tlsrpt;
