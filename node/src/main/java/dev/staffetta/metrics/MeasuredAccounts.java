package dev.staffetta.metrics;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Accounts;
import dev.staffetta.ports.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.util.concurrent.CompletionStage;

/** Counts who logs in over a protocol, and who does not. */
public final class MeasuredAccounts implements Accounts {
  private final Accounts accounts;
  private final Counter done;
  private final Counter wrong;
  private final Counter refused;
  private final Counter failed;

  /** Over {@code accounts}. */
  public MeasuredAccounts(Accounts accounts, String protocol, MeterRegistry registry) {
    this.accounts = accounts;
    this.done = counter(registry, protocol, "done");
    this.wrong = counter(registry, protocol, "wrong");
    this.refused = counter(registry, protocol, "refused");
    this.failed = counter(registry, protocol, "failed");
  }

  private static Counter counter(MeterRegistry registry, String protocol, String result) {
    return Counter.builder("staffetta.logins")
        .description("Attempts to log in, by what came of them")
        .tag("protocol", protocol)
        .tag("result", result)
        .register(registry);
  }

  @Override
  public CompletionStage<AccountId> authenticate(String user, String password, InetAddress client) {
    return accounts
        .authenticate(user, password, client)
        .whenComplete((account, failure) -> (failure == null ? done : reason(failure)).increment());
  }

  private Counter reason(Throwable failure) {
    Refusal.Code code = Refusal.of(failure).code();
    if (code == Refusal.Code.NOPERM) {
      return wrong;
    }
    return code == Refusal.Code.UNAVAILABLE ? failed : refused;
  }

  @Override
  public CompletionStage<MaildropLock> lockMaildrop(AccountId account) {
    return accounts.lockMaildrop(account);
  }

  @Override
  public CompletionStage<Void> countRecipient(AccountId account) {
    return accounts.countRecipient(account);
  }
}
