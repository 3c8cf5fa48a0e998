package dev.staffetta.relay.tlsrpt;

import dev.staffetta.smtp.client.TlsPolicy;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * How sessions of this node went, by day (UTC), and by policy. For any thread. Whoever sends mail
 * chooses the domains, so there is an end to what is kept.
 */
public final class TlsResults {
  /** Policies of a day; what comes after is not counted. */
  static final int MAX_POLICIES = 20_000;

  /** Kinds of failures of one policy; what comes after is counted without them. */
  static final int MAX_KINDS = 50;

  private final boolean isGathering;
  private final Clock clock;
  private final TreeMap<LocalDate, Day> days = new TreeMap<>();
  private String reporter = UUID.randomUUID().toString().substring(0, 8);
  private boolean isChanged;

  private static final class Day {
    private final Map<String, Map<TlsPolicy, Counts>> domains = new LinkedHashMap<>();
    private int policies;

    private Counts counts(TlsPolicy policy) {
      Map<TlsPolicy, Counts> ofDomain = domains.getOrDefault(policy.domain(), Map.of());
      if (ofDomain.containsKey(policy)) {
        return ofDomain.get(policy);
      }
      if (policies >= MAX_POLICIES) {
        return new Counts();
      }
      Counts counts = new Counts();
      domains.computeIfAbsent(policy.domain(), d -> new LinkedHashMap<>()).put(policy, counts);
      policies++;
      return counts;
    }
  }

  private static final class Counts {
    private long succeeded;
    private long failed;
    private final Map<SessionFailure, Long> failures = new LinkedHashMap<>();

    private void fail(SessionFailure failure, long times) {
      if (failures.containsKey(failure) || failures.size() < MAX_KINDS) {
        failures.merge(failure, times, Long::sum);
      }
    }
  }

  private TlsResults(boolean isGathering, Clock clock) {
    this.isGathering = isGathering;
    this.clock = clock;
  }

  /** Counts nothing. */
  public static TlsResults none() {
    return new TlsResults(false, Clock.systemUTC());
  }

  /** Counts by the day of a clock. */
  public static TlsResults gathering(Clock clock) {
    return new TlsResults(true, clock);
  }

  /** Whether anything is counted. */
  public boolean isGathering() {
    return isGathering;
  }

  /** A session had the TLS that the policy asks for. */
  public synchronized void succeeded(TlsPolicy policy) {
    Counts counts = counts(today(), policy);
    counts.succeeded++;
  }

  /** A session had not, or there was none because of that. */
  public synchronized void failed(TlsPolicy policy, SessionFailure failure) {
    Counts counts = counts(today(), policy);
    counts.failed++;
    counts.fail(failure, 1);
  }

  private Counts counts(LocalDate day, TlsPolicy policy) {
    if (!isGathering) {
      return new Counts();
    }
    isChanged = true;
    return days.computeIfAbsent(day, d -> new Day()).counts(policy);
  }

  LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /** All there is. */
  synchronized Map<LocalDate, List<PolicyResults>> all() {
    Map<LocalDate, List<PolicyResults>> all = new TreeMap<>();
    days.forEach((day, ofDay) -> all.put(day, results(ofDay)));
    return all;
  }

  private static List<PolicyResults> results(Day ofDay) {
    List<PolicyResults> results = new ArrayList<>();
    for (Map<TlsPolicy, Counts> ofDomain : ofDay.domains.values()) {
      ofDomain.forEach(
          (policy, counts) ->
              results.add(
                  new PolicyResults(policy, counts.succeeded, counts.failed, counts.failures)));
    }
    return results;
  }

  /** Names this node among those that count, the same after a restart: a report's id has it. */
  synchronized String reporter() {
    return reporter;
  }

  /** The name before a restart. */
  synchronized void reporter(String name) {
    reporter = name;
  }

  /** Adds what was counted before a restart. */
  synchronized void add(LocalDate day, PolicyResults results) {
    Counts counts = counts(day, results.policy());
    counts.succeeded += results.succeeded();
    counts.failed += results.failed();
    results.failures().forEach(counts::fail);
  }

  /** A domain's results of a day are no longer needed. */
  synchronized void forget(LocalDate day, String domain) {
    Day ofDay = days.getOrDefault(day, new Day());
    Map<TlsPolicy, Counts> forgotten = ofDay.domains.remove(domain);
    if (forgotten != null) {
      isChanged = true;
      ofDay.policies -= forgotten.size();
      if (ofDay.domains.isEmpty()) {
        days.remove(day);
      }
    }
  }

  /** What was new could not be kept. */
  synchronized void markChanged() {
    isChanged = true;
  }

  /** Whether there is something new since this was last asked. */
  synchronized boolean takeChanged() {
    boolean was = isChanged;
    isChanged = false;
    return was;
  }
}
