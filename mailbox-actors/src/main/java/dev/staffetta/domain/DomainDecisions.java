package dev.staffetta.domain;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.Decision;
import java.util.List;
import java.util.Optional;

/** What a domain does on each command: pure functions of its state. */
final class DomainDecisions {
  private static final String POSTMASTER = "postmaster";

  /** Divides a local part from a detail that its owner gave to somebody (RFC 5233 1). */
  private static final char DETAIL = '+';

  private DomainDecisions() {}

  static Decision<DomainChange, Boolean> create(DomainState state) {
    return state.exists()
        ? Decision.answer(false)
        : Decision.answer(true, List.of(new DomainChange.Created()));
  }

  static Decision<DomainChange, Boolean> remove(DomainState state) {
    if (!state.accounts().isEmpty()) {
      throw new Refusal(
          Refusal.Code.CANNOT,
          "%s still has %d accounts, remove them first"
              .formatted(state.name(), state.accounts().size()));
    }
    return state.exists()
        ? Decision.answer(true, List.of(new DomainChange.Removed()))
        : Decision.answer(false);
  }

  static Decision<DomainChange, Boolean> addAccount(
      DomainState state, DomainCommand.AddAccount command) {
    requireExists(state);
    String localPart = command.localPart();
    if (state.aliases().containsKey(localPart)) {
      throw new Refusal(
          Refusal.Code.ALREADYEXISTS, localPart + "@" + state.name() + " is an alias");
    }
    return state.accounts().containsKey(localPart)
        ? Decision.answer(false)
        : Decision.answer(true, List.of(new DomainChange.AccountAdded(localPart)));
  }

  static Decision<DomainChange, Boolean> removeAccount(
      DomainState state, DomainCommand.RemoveAccount command) {
    return state.accounts().containsKey(command.localPart())
        ? Decision.answer(true, List.of(new DomainChange.AccountRemoved(command.localPart())))
        : Decision.answer(false);
  }

  static Decision<DomainChange, Boolean> addAlias(
      DomainState state, DomainCommand.AddAlias command, DomainContext context) {
    requireExists(state);
    String localPart = command.localPart();
    if (state.accounts().containsKey(localPart)) {
      throw new Refusal(
          Refusal.Code.ALREADYEXISTS, localPart + "@" + state.name() + " is an account");
    }
    if (command.targets().isEmpty() || command.targets().size() > context.maxAliasTargets()) {
      throw new Refusal(
          Refusal.Code.LIMIT, "an alias leads to 1 to " + context.maxAliasTargets() + " addresses");
    }
    return command.targets().equals(state.aliases().get(localPart))
        ? Decision.answer(false)
        : Decision.answer(true, List.of(new DomainChange.AliasAdded(localPart, command.targets())));
  }

  static Decision<DomainChange, Boolean> removeAlias(
      DomainState state, DomainCommand.RemoveAlias command) {
    return state.aliases().containsKey(command.localPart())
        ? Decision.answer(true, List.of(new DomainChange.AliasRemoved(command.localPart())))
        : Decision.answer(false);
  }

  /**
   * Who has a local part.
   *
   * @param postmaster for a domain that has none of its own
   */
  static Resolution resolve(DomainState state, String localPart, Optional<MailAddress> postmaster) {
    if (!state.exists()) {
      return new Resolution.NoSuchDomain();
    }
    Optional<Resolution> exact = lookUp(state, localPart);
    if (exact.isPresent()) {
      return exact.get();
    }
    int detail = localPart.indexOf(DETAIL);
    String base = detail > 0 ? localPart.substring(0, detail) : localPart;
    return lookUp(state, base)
        .or(() -> base.equals(POSTMASTER) ? postmaster(state, postmaster) : Optional.empty())
        .orElseGet(Resolution.Unknown::new);
  }

  private static Optional<Resolution> lookUp(DomainState state, String localPart) {
    if (state.accounts().containsKey(localPart)) {
      return Optional.of(account(state, localPart));
    }
    List<MailAddress> targets = state.aliases().get(localPart);
    return targets == null ? Optional.empty() : Optional.of(new Resolution.Alias(targets));
  }

  /** RFC 5321 4.5.1: every domain takes mail for its postmaster. */
  private static Optional<Resolution> postmaster(
      DomainState state, Optional<MailAddress> configured) {
    MailAddress own = new MailAddress(POSTMASTER, state.name());
    if (configured.isPresent() && !configured.get().equals(own)) {
      return Optional.of(new Resolution.Alias(List.of(configured.get())));
    }
    return state.accounts().isEmpty()
        ? Optional.empty()
        : Optional.of(account(state, state.accounts().firstKey()));
  }

  private static Resolution account(DomainState state, String localPart) {
    return new Resolution.Account(new AccountId(localPart + "@" + state.name()));
  }

  static void requireExists(DomainState state) {
    if (!state.exists()) {
      throw new Refusal(Refusal.Code.NONEXISTENT, "there is no domain " + state.name());
    }
  }
}
