package dev.staffetta.domain;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.sharding.EntityMessage;
import java.util.List;

/** What a domain says of a local part. */
public sealed interface Resolution extends EntityMessage {
  /** An account. */
  record Account(AccountId account) implements Resolution {}

  /** Leads elsewhere. */
  record Alias(List<MailAddress> targets) implements Resolution {
    public Alias {
      targets = List.copyOf(targets);
    }
  }

  /** Nobody's. */
  record Unknown() implements Resolution {}

  /** The domain is not one of ours. */
  record NoSuchDomain() implements Resolution {}
}
