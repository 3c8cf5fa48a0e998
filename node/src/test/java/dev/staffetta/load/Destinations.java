package dev.staffetta.load;

import dev.staffetta.exchanger.Arrival;
import dev.staffetta.exchanger.Arrivals;
import dev.staffetta.exchanger.Conduct;
import dev.staffetta.exchanger.MailExchanger;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Domains whose servers take everything at once, and what came to them. */
final class Destinations implements Arrivals, AutoCloseable {
  private final Map<String, MailExchanger> exchangers = new LinkedHashMap<>();
  private final Set<String> recipients = ConcurrentHashMap.newKeySet();
  private final AtomicInteger copies = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong lastNanos = new AtomicLong();

  Destinations(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      String domain = "d" + i + ".test";
      exchangers.put(domain, MailExchanger.open(domain, Conduct.TAKES_ALL, this));
    }
  }

  Map<String, Integer> ports() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    exchangers.forEach((domain, exchanger) -> ports.put(domain, exchanger.port()));
    return ports;
  }

  /** A recipient of its own for the message of a number, the destinations in turn. */
  String recipient(int number) {
    return "r" + number + "@d" + number % exchangers.size() + ".test";
  }

  @Override
  public void connected(MailExchanger exchanger) {
    connections.incrementAndGet();
  }

  @Override
  public void arrived(MailExchanger exchanger, Arrival arrival) {
    copies.incrementAndGet();
    if (recipients.addAll(arrival.recipients())) {
      lastNanos.accumulateAndGet(arrival.nanos(), Math::max);
    }
  }

  /** To how many recipients something came. */
  int reached() {
    return recipients.size();
  }

  int copies() {
    return copies.get();
  }

  int connections() {
    return connections.get();
  }

  /** When the last of them was reached, by {@link System#nanoTime}. */
  long lastNanos() {
    return lastNanos.get();
  }

  void forgetAll() {
    recipients.clear();
    copies.set(0);
    connections.set(0);
    lastNanos.set(0);
  }

  void refuse() {
    exchangers.values().forEach(MailExchanger::close);
  }

  void takeAgain() throws IOException {
    for (MailExchanger exchanger : exchangers.values()) {
      exchanger.reopen();
    }
  }

  @Override
  public void close() {
    refuse();
  }
}
