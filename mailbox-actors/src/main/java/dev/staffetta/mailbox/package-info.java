/**
 * One folder's messages and flags: the persistent actor that owns them, what it remembers and
 * writes, and the port {@code Mailboxes} over it.
 *
 * <p>{@link dev.staffetta.mailbox.MailboxCommand} is what may be asked, {@link
 * dev.staffetta.mailbox.MailboxDecisions} decides (pure), {@link
 * dev.staffetta.mailbox.MailboxChange} is what is written, {@link
 * dev.staffetta.mailbox.MailboxState} is what comes of it; {@link dev.staffetta.mailbox.Mailbox}
 * only runs these. Names of folders are not known here: see {@code dev.staffetta.account}.
 */
package dev.staffetta.mailbox;
