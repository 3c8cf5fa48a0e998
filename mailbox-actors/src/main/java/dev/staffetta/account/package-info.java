/**
 * Accounts: who may log in, which folders there are and what they are called, who holds the
 * maildrop. The persistent actor that owns this, and the ports {@code Accounts} and {@code Folders}
 * over it.
 *
 * <p>What is in a folder is the business of {@code dev.staffetta.mailbox}.
 */
package dev.staffetta.account;
