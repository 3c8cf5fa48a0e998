package dev.staffetta.account;

import dev.staffetta.config.AccountSettings;
import java.time.Instant;

/** What an account's decisions depend on beside its state. */
record AccountContext(Instant now, AccountSettings settings) {}
