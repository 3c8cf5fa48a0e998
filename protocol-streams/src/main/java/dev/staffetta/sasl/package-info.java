/**
 * SASL mechanisms (RFC 4422) as every protocol here uses them: what a client's response says. Knows
 * no protocol's framing and no accounts.
 */
package dev.staffetta.sasl;
