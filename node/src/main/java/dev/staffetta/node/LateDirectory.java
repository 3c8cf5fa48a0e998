package dev.staffetta.node;

import dev.staffetta.dkim.DkimAlgorithm;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.MailAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The directory of a node that may not be in its cluster yet: until then it asks to try later. */
final class LateDirectory implements Directory {
  private final Late<Directory> late = new Late<>();

  /** From now on it can be asked. */
  void isThere(Directory directory) {
    late.isThere(directory);
  }

  @Override
  public CompletionStage<Void> addDomain(String domain) {
    return late.ask(directory -> directory.addDomain(domain));
  }

  @Override
  public CompletionStage<List<String>> domains() {
    return late.ask(Directory::domains);
  }

  @Override
  public CompletionStage<Void> removeDomain(String domain) {
    return late.ask(directory -> directory.removeDomain(domain));
  }

  @Override
  public CompletionStage<Void> addAccount(AccountId account, String password) {
    return late.ask(directory -> directory.addAccount(account, password));
  }

  @Override
  public CompletionStage<Void> importAccount(AccountId account, String passwordHash) {
    return late.ask(directory -> directory.importAccount(account, passwordHash));
  }

  @Override
  public CompletionStage<List<AccountId>> accounts(String domain) {
    return late.ask(directory -> directory.accounts(domain));
  }

  @Override
  public CompletionStage<Void> setPassword(AccountId account, String password) {
    return late.ask(directory -> directory.setPassword(account, password));
  }

  @Override
  public CompletionStage<Void> removeAccount(AccountId account) {
    return late.ask(directory -> directory.removeAccount(account));
  }

  @Override
  public CompletionStage<Void> addAlias(MailAddress address, List<MailAddress> targets) {
    return late.ask(directory -> directory.addAlias(address, targets));
  }

  @Override
  public CompletionStage<List<Alias>> aliases(String domain) {
    return late.ask(directory -> directory.aliases(domain));
  }

  @Override
  public CompletionStage<Void> removeAlias(MailAddress address) {
    return late.ask(directory -> directory.removeAlias(address));
  }

  @Override
  public CompletionStage<Key> addDkimKey(
      String domain, Optional<String> selector, DkimAlgorithm algorithm) {
    return late.ask(directory -> directory.addDkimKey(domain, selector, algorithm));
  }

  @Override
  public CompletionStage<List<Key>> dkimKeys(String domain) {
    return late.ask(directory -> directory.dkimKeys(domain));
  }

  @Override
  public CompletionStage<Void> activateDkimKey(String domain, String selector) {
    return late.ask(directory -> directory.activateDkimKey(domain, selector));
  }

  @Override
  public CompletionStage<Void> removeDkimKey(String domain, String selector) {
    return late.ask(directory -> directory.removeDkimKey(domain, selector));
  }
}
