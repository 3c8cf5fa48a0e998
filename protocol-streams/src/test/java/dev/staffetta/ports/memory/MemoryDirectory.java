package dev.staffetta.ports.memory;

import dev.staffetta.dkim.DkimAlgorithm;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

final class MemoryDirectory implements Directory {
  private final MemoryMail mail;
  private final Map<String, Map<String, Key>> dkimKeys = new ConcurrentHashMap<>();

  MemoryDirectory(MemoryMail mail) {
    this.mail = mail;
  }

  @Override
  public CompletionStage<Void> addDomain(String domain) {
    return change(
        () -> {
          if (!mail.domains.add(domain.toLowerCase(Locale.ROOT))) {
            throw new Refusal(Refusal.Code.ALREADYEXISTS, "domain " + domain + " exists");
          }
        });
  }

  @Override
  public CompletionStage<List<String>> domains() {
    return call(() -> List.copyOf(mail.domains));
  }

  @Override
  public CompletionStage<Void> removeDomain(String domain) {
    return change(
        () -> {
          String name = existing(domain);
          if (!accountsOf(name).isEmpty()) {
            throw new Refusal(Refusal.Code.CANNOT, "domain " + domain + " has accounts");
          }
          mail.domains.remove(name);
          mail.aliases.keySet().removeIf(alias -> alias.domain().equals(name));
        });
  }

  @Override
  public CompletionStage<Void> addAccount(AccountId account, String password) {
    return change(
        () -> {
          existing(account.domain());
          MemoryAccount made = mail.newAccount(account, password);
          if (mail.accounts.putIfAbsent(account.address(), made) != null) {
            throw new Refusal(Refusal.Code.ALREADYEXISTS, "account " + account + " exists");
          }
        });
  }

  @Override
  public CompletionStage<List<AccountId>> accounts(String domain) {
    return call(() -> accountsOf(existing(domain)));
  }

  private List<AccountId> accountsOf(String domain) {
    return mail.accounts.values().stream()
        .map(account -> account.id)
        .filter(id -> id.domain().equals(domain))
        .toList();
  }

  @Override
  public CompletionStage<Void> setPassword(AccountId account, String password) {
    return change(() -> mail.account(account).password = password);
  }

  @Override
  public CompletionStage<Void> removeAccount(AccountId account) {
    return change(
        () -> {
          mail.account(account)
              .mailboxes
              .values()
              .forEach(mailbox -> mailbox.tell(new MailboxEvent.Deleted()));
          mail.accounts.remove(account.address());
        });
  }

  @Override
  public CompletionStage<Void> addAlias(MailAddress address, List<MailAddress> targets) {
    List<MailAddress> wanted = targets.stream().map(MemoryDeliveries::lowerCase).toList();
    return change(
        () -> {
          existing(address.domain());
          for (MailAddress target : wanted) {
            if (mail.domains.contains(target.domain())
                && !mail.accounts.containsKey(target.toString())
                && !mail.aliases.containsKey(target)) {
              throw new Refusal(Refusal.Code.NONEXISTENT, "nobody is " + target);
            }
          }
          mail.aliases.put(MemoryDeliveries.lowerCase(address), wanted);
        });
  }

  @Override
  public CompletionStage<List<Alias>> aliases(String domain) {
    return call(
        () -> {
          String name = existing(domain);
          return mail.aliases.entrySet().stream()
              .filter(entry -> entry.getKey().domain().equals(name))
              .map(entry -> new Alias(entry.getKey(), entry.getValue()))
              .toList();
        });
  }

  @Override
  public CompletionStage<Void> removeAlias(MailAddress address) {
    return change(
        () -> {
          if (mail.aliases.remove(MemoryDeliveries.lowerCase(address)) == null) {
            throw new Refusal(Refusal.Code.NONEXISTENT, "no alias " + address);
          }
        });
  }

  private String existing(String domain) {
    String name = domain.toLowerCase(Locale.ROOT);
    if (!mail.domains.contains(name)) {
      throw new Refusal(Refusal.Code.NONEXISTENT, "no domain " + domain);
    }
    return name;
  }

  private <T> CompletionStage<T> call(Supplier<T> work) {
    return mail.call(PortCall.DIRECTORY, work);
  }

  private CompletionStage<Void> change(Runnable work) {
    return mail.call(
        PortCall.DIRECTORY,
        () -> {
          work.run();
          return null;
        });
  }

  @Override
  public CompletionStage<Key> addDkimKey(
      String domain, Optional<String> selector, DkimAlgorithm algorithm) {
    return call(
        () -> {
          Map<String, Key> keys = keysOf(domain);
          String name = selector.orElse(algorithm.keyType());
          boolean isFirst = keys.values().stream().noneMatch(key -> key.algorithm() == algorithm);
          Key key =
              new Key(
                  existing(domain),
                  name,
                  algorithm,
                  isFirst,
                  algorithm.record(algorithm.generate().getPublic()));
          if (keys.putIfAbsent(name, key) != null) {
            throw new Refusal(Refusal.Code.ALREADYEXISTS, "key " + name + " exists");
          }
          return key;
        });
  }

  @Override
  public CompletionStage<List<Key>> dkimKeys(String domain) {
    return call(() -> List.copyOf(keysOf(domain).values()));
  }

  @Override
  public CompletionStage<Void> activateDkimKey(String domain, String selector) {
    return change(
        () -> {
          Key wanted = key(domain, selector);
          keysOf(domain)
              .replaceAll(
                  (name, key) ->
                      key.algorithm() == wanted.algorithm()
                          ? new Key(
                              key.domain(),
                              name,
                              key.algorithm(),
                              name.equals(selector),
                              key.record())
                          : key);
        });
  }

  @Override
  public CompletionStage<Void> removeDkimKey(String domain, String selector) {
    return change(() -> keysOf(domain).remove(key(domain, selector).selector()));
  }

  private Map<String, Key> keysOf(String domain) {
    return dkimKeys.computeIfAbsent(existing(domain), name -> new ConcurrentSkipListMap<>());
  }

  private Key key(String domain, String selector) {
    Key key = keysOf(domain).get(selector);
    if (key == null) {
      throw new Refusal(Refusal.Code.NONEXISTENT, "there is no key " + selector);
    }
    return key;
  }
}
