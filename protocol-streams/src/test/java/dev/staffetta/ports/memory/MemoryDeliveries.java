package dev.staffetta.ports.memory;

import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.SpooledMessage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;

final class MemoryDeliveries implements Deliveries {
  /** Every envelope that was delivered, a repeated one again. */
  final List<Envelope> delivered = new ArrayList<>();

  /** Whether recipients of other domains are taken. */
  volatile boolean relaying = true;

  private final MemoryMail mail;

  MemoryDeliveries(MemoryMail mail) {
    this.mail = mail;
  }

  @Override
  public CompletionStage<Recipient> find(MailAddress recipient) {
    return mail.call(PortCall.FIND, () -> classify(recipient));
  }

  private Recipient classify(MailAddress recipient) {
    if (!mail.domains.contains(recipient.domain().toLowerCase(Locale.ROOT))) {
      return Recipient.REMOTE;
    }
    return accountsOf(recipient).isEmpty() ? Recipient.UNKNOWN : Recipient.LOCAL;
  }

  @Override
  public boolean isRelaying() {
    return relaying;
  }

  @Override
  public CompletionStage<Void> deliver(Envelope envelope, SpooledMessage message) {
    return mail.call(
        PortCall.DELIVER,
        () -> {
          Set<MemoryAccount> accounts = new LinkedHashSet<>();
          for (MailAddress recipient : envelope.recipients()) {
            switch (classify(recipient)) {
              case LOCAL -> accounts.addAll(accountsOf(recipient));
              case UNKNOWN -> throw new Refusal(Refusal.Code.NONEXISTENT, "nobody is " + recipient);
              case REMOTE -> {
                if (!relaying) {
                  throw new Refusal(Refusal.Code.UNAVAILABLE, "no way to " + recipient);
                }
              }
            }
          }
          Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
          for (MemoryAccount account : accounts) {
            mail.memoryMailboxes().add(MailboxId.inboxOf(account.id), message, Set.of(), now);
          }
          delivered.add(envelope);
          return null;
        });
  }

  /** The accounts behind an address: by alias, by name, by the name before a plus. */
  private Set<MemoryAccount> accountsOf(MailAddress recipient) {
    Set<MemoryAccount> found = new LinkedHashSet<>();
    Set<MailAddress> seen = new HashSet<>();
    Deque<MailAddress> next = new ArrayDeque<>(List.of(recipient));
    while (!next.isEmpty()) {
      MailAddress address = lowerCase(next.poll());
      if (!seen.add(address)) {
        continue;
      }
      List<MailAddress> targets = mail.aliases.get(address);
      MemoryAccount account = mail.accounts.get(address.toString());
      int plus = address.localPart().indexOf('+');
      if (targets != null) {
        next.addAll(targets);
      } else if (account != null) {
        found.add(account);
      } else if (plus > 0) {
        next.add(new MailAddress(address.localPart().substring(0, plus), address.domain()));
      } else if (address.localPart().equals("postmaster")) {
        // RFC 5321 4.5.1: every domain has one.
        mail.accounts.values().stream()
            .filter(a -> a.id.domain().equals(address.domain()))
            .findFirst()
            .ifPresent(found::add);
      }
    }
    return found;
  }

  static MailAddress lowerCase(MailAddress address) {
    return new MailAddress(
        address.localPart().toLowerCase(Locale.ROOT), address.domain().toLowerCase(Locale.ROOT));
  }
}
