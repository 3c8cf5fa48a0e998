/**
 * Where mail for a domain goes, and how it is secured on the way. What counts: configured routes,
 * MX records (RFC 5321 5), MTA-STS (RFC 8461), DANE (RFC 7672). It sends nothing and knows no
 * queue.
 */
package dev.staffetta.relay.route;
