/**
 * Signatures of domains on messages (DKIM, RFC 6376 and RFC 8463): canonical forms, digests, keys
 * and their DNS records. It knows no store and no DNS; who signs what, others decide.
 */
package dev.staffetta.dkim;
