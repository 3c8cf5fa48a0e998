package dev.staffetta.smtp;

import dev.staffetta.config.SmtpSettings;

/**
 * What is the same for all sessions of a listener.
 *
 * @param hostName this server's name in greetings and trace fields
 * @param relays whether mail for other servers has a way there
 */
record SmtpRules(SmtpRole role, String hostName, SmtpSettings settings, boolean relays) {}
