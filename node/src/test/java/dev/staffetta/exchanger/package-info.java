/**
 * Other servers that take mail, many in one process, quick enough to be the far side of a load.
 * They speak plain SMTP and forget what they took once their {@link
 * dev.staffetta.exchanger.Arrivals} has heard of it. For dialogues step by step, and for TLS, there
 * is {@code dev.staffetta.smtp.sink}.
 */
package dev.staffetta.exchanger;
