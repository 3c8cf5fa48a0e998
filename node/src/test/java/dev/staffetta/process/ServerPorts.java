package dev.staffetta.process;

/** Where a server listens on loopback. */
public record ServerPorts(int smtp, int submission, int pop3, int imap, int admin) {}
