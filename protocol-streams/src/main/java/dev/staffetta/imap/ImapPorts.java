package dev.staffetta.imap;

import dev.staffetta.ports.Accounts;
import dev.staffetta.ports.Contents;
import dev.staffetta.ports.Folders;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Spool;

/** The ports that IMAP needs. */
public record ImapPorts(
    Accounts accounts, Folders folders, Mailboxes mailboxes, Contents contents, Spool spool) {}
