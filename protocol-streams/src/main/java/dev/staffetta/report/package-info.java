/**
 * Delivery status notifications as messages (RFC 3462, 3464, 6522, 6533): what is told, in words
 * for people and in fields for programs. Pure; when a report is due, and to whom it goes, is
 * decided elsewhere.
 */
package dev.staffetta.report;
