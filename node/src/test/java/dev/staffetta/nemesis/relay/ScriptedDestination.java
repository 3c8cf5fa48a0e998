package dev.staffetta.nemesis.relay;

import dev.staffetta.exchanger.Conduct;
import dev.staffetta.exchanger.Ending;
import dev.staffetta.exchanger.MailExchanger;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A destination and its manner. */
final class ScriptedDestination implements Conduct, AutoCloseable {
  private static final long SLOWNESS_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private final Manner manner;
  private final MailExchanger exchanger;
  private final AtomicInteger transactions = new AtomicInteger();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private volatile boolean isBusy;

  ScriptedDestination(int number, RelayRecord record) throws IOException {
    this.manner = Manner.of(number);
    this.exchanger = MailExchanger.open(RelayLetter.domain(number), this, record);
  }

  /** The line of a node's settings by which its mail comes here. */
  String route() {
    return "staffetta.relay.routes.\"%s\" { host = \"127.0.0.1\", port = %d, tls = none }"
        .formatted(exchanger.domain(), exchanger.port());
  }

  String domain() {
    return exchanger.domain();
  }

  Manner manner() {
    return manner;
  }

  /** If that is its manner. */
  void goAway() {
    isBusy = manner == Manner.BUSY;
    if (manner == Manner.AWAY) {
      exchanger.close();
    }
  }

  void comeBack() throws IOException {
    isBusy = false;
    if (manner == Manner.AWAY) {
      exchanger.reopen();
    }
  }

  @Override
  public String greeting() {
    return isBusy ? "421 4.3.2 too busy, come back later" : Conduct.super.greeting();
  }

  @Override
  public String mail() {
    boolean breaksOff = manner == Manner.BREAKS_OFF && transactions.incrementAndGet() % 5 == 0;
    return breaksOff ? "421 4.3.0 have to go" : Conduct.super.mail();
  }

  @Override
  public String recipient(String address) {
    if (manner == Manner.KNOWS_SOME && RelayLetter.isUnknown(address)) {
      return "550 5.1.1 nobody of that name";
    }
    boolean isNew = manner == Manner.GREYLISTS && seen.add(address);
    return isNew ? "450 4.7.1 greylisted, come back later" : Conduct.super.recipient(address);
  }

  @Override
  public Ending end(List<String> recipients) {
    return switch (manner) {
      case DROPS, KEEPS_AND_DROPS -> {
        boolean drops = transactions.incrementAndGet() % 4 == 0;
        yield drops ? new Ending(manner == Manner.KEEPS_AND_DROPS, "") : Ending.TAKEN;
      }
      case SLOW -> {
        LockSupport.parkNanos(SLOWNESS_NANOS);
        yield Ending.TAKEN;
      }
      case FULL -> new Ending(false, "552 5.2.2 mailbox full");
      default -> Ending.TAKEN;
    };
  }

  @Override
  public void close() {
    exchanger.close();
  }
}
