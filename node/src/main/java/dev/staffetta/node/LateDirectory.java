package dev.staffetta.node;

import dev.staffetta.dkim.DkimAlgorithm;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** The directory of a node that may not be in its cluster yet: until then it asks to try later. */
final class LateDirectory implements Directory {
  private final AtomicReference<Optional<Directory>> there =
      new AtomicReference<>(Optional.empty());

  /** From now on it can be asked. */
  void isThere(Directory directory) {
    there.set(Optional.of(directory));
  }

  private <T> CompletionStage<T> ask(Function<Directory, CompletionStage<T>> question) {
    return there
        .get()
        .map(question)
        .orElseGet(
            () ->
                CompletableFuture.failedStage(
                    new Refusal(
                        Refusal.Code.UNAVAILABLE,
                        "this node is not in its cluster yet, try again later")));
  }

  @Override
  public CompletionStage<Void> addDomain(String domain) {
    return ask(directory -> directory.addDomain(domain));
  }

  @Override
  public CompletionStage<List<String>> domains() {
    return ask(Directory::domains);
  }

  @Override
  public CompletionStage<Void> removeDomain(String domain) {
    return ask(directory -> directory.removeDomain(domain));
  }

  @Override
  public CompletionStage<Void> addAccount(AccountId account, String password) {
    return ask(directory -> directory.addAccount(account, password));
  }

  @Override
  public CompletionStage<Void> importAccount(AccountId account, String passwordHash) {
    return ask(directory -> directory.importAccount(account, passwordHash));
  }

  @Override
  public CompletionStage<List<AccountId>> accounts(String domain) {
    return ask(directory -> directory.accounts(domain));
  }

  @Override
  public CompletionStage<Void> setPassword(AccountId account, String password) {
    return ask(directory -> directory.setPassword(account, password));
  }

  @Override
  public CompletionStage<Void> removeAccount(AccountId account) {
    return ask(directory -> directory.removeAccount(account));
  }

  @Override
  public CompletionStage<Void> addAlias(MailAddress address, List<MailAddress> targets) {
    return ask(directory -> directory.addAlias(address, targets));
  }

  @Override
  public CompletionStage<List<Alias>> aliases(String domain) {
    return ask(directory -> directory.aliases(domain));
  }

  @Override
  public CompletionStage<Void> removeAlias(MailAddress address) {
    return ask(directory -> directory.removeAlias(address));
  }

  @Override
  public CompletionStage<Key> addDkimKey(
      String domain, Optional<String> selector, DkimAlgorithm algorithm) {
    return ask(directory -> directory.addDkimKey(domain, selector, algorithm));
  }

  @Override
  public CompletionStage<List<Key>> dkimKeys(String domain) {
    return ask(directory -> directory.dkimKeys(domain));
  }

  @Override
  public CompletionStage<Void> activateDkimKey(String domain, String selector) {
    return ask(directory -> directory.activateDkimKey(domain, selector));
  }

  @Override
  public CompletionStage<Void> removeDkimKey(String domain, String selector) {
    return ask(directory -> directory.removeDkimKey(domain, selector));
  }
}
