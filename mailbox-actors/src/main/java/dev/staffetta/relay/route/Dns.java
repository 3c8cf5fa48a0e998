package dev.staffetta.relay.route;

import dev.staffetta.config.RelayDnsSettings;
import dev.staffetta.relay.route.DnsCache.Question;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * DNS with a cache. Follows CNAME records; equal questions that are under way are asked once. Safe
 * for all threads, and blocks none.
 */
final class Dns {
  /** Names that may lead to one another. */
  private static final int MAX_ALIASES = 8;

  /** Of a name that does not exist: it may have been registered a moment ago. */
  private static final Duration MAX_NEGATIVE_TTL = Duration.ofMinutes(15);

  private final NameServers servers;
  private final DnsCache cache;
  private final Duration minTtl;
  private final Duration maxTtl;
  private final boolean knowsSecure;
  private final Map<Question, CompletableFuture<DnsAnswer>> underWay = new ConcurrentHashMap<>();

  Dns(RelayDnsSettings settings, NameServers servers, LongSupplier nanoTime) {
    this.servers = servers;
    this.cache = new DnsCache(settings.cacheSize(), nanoTime);
    this.minTtl = settings.cacheMinTtl();
    this.maxTtl = settings.cacheMaxTtl();
    this.knowsSecure = settings.dnssec() != RelayDnsSettings.Dnssec.OFF;
  }

  /** Never fails. */
  CompletionStage<DnsAnswer> ask(Name name, int type) {
    return ask(new Question(name.canonicalize(), type), 0);
  }

  private CompletionStage<DnsAnswer> ask(Question question, int aliases) {
    Optional<DnsAnswer> known = cache.find(question);
    if (known.isPresent()) {
      return CompletableFuture.completedStage(known.get());
    }
    if (aliases > 0) {
      // Not shared: two names that lead to one another would wait for each other for ever.
      return lookUp(question, aliases);
    }
    CompletableFuture<DnsAnswer> mine = new CompletableFuture<>();
    CompletableFuture<DnsAnswer> others = underWay.putIfAbsent(question, mine);
    if (others != null) {
      return others;
    }
    lookUp(question, 0)
        .whenComplete(
            (answer, failure) -> {
              underWay.remove(question, mine);
              mine.complete(failure == null ? answer : new DnsAnswer.Failed(why(failure)));
            });
    return mine;
  }

  private CompletionStage<DnsAnswer> lookUp(Question question, int aliases) {
    return servers
        .ask(question.name(), question.type())
        .handle(
            (message, failure) ->
                failure == null
                    ? read(question, message)
                    : new Reading(new DnsAnswer.Failed(why(failure)), question.name(), minTtl))
        .thenCompose(reading -> follow(question, reading, aliases));
  }

  /**
   * @param last the name that the chain of CNAME records ends at
   * @param answer none yet where the chain ends nowhere: to be asked for
   */
  private record Reading(Optional<DnsAnswer> answer, Name last, boolean isSecure, Duration ttl) {
    Reading(DnsAnswer answer, Name last, Duration ttl) {
      this(Optional.of(answer), last, answer.isSecure(), ttl);
    }
  }

  private CompletionStage<DnsAnswer> follow(Question question, Reading reading, int aliases) {
    if (reading.answer().isPresent()) {
      cache.keep(question, reading.answer().get(), reading.ttl());
      return CompletableFuture.completedStage(reading.answer().get());
    }
    if (aliases >= MAX_ALIASES) {
      return CompletableFuture.completedStage(tooManyAliases(question.name()));
    }
    return ask(new Question(reading.last(), question.type()), aliases + 1)
        .thenApply(end -> reading.isSecure() ? end : insecure(end));
  }

  private static DnsAnswer insecure(DnsAnswer answer) {
    if (answer instanceof DnsAnswer.Found found) {
      return new DnsAnswer.Found(found.canonical(), found.records(), false);
    }
    return answer instanceof DnsAnswer.Nothing nothing
        ? new DnsAnswer.Nothing(nothing.isNoSuchName(), false)
        : answer;
  }

  private Reading read(Question question, Message message) {
    boolean isSecure = knowsSecure && message.getHeader().getFlag(Flags.AD);
    List<Record> answers = message.getSection(Section.ANSWER);
    Set<Name> seen = new HashSet<>();
    Name name = question.name();
    long ttl = Long.MAX_VALUE;
    while (seen.add(name)) {
      List<Record> records = of(answers, name, question.type());
      if (!records.isEmpty()) {
        ttl = Math.min(ttl, records.stream().mapToLong(Record::getTTL).min().orElseThrow());
        return new Reading(new DnsAnswer.Found(name, records, isSecure), name, bounded(ttl));
      }
      List<Record> alias = of(answers, name, Type.CNAME);
      if (alias.isEmpty()) {
        return none(message, question.name(), name, isSecure, ttl);
      }
      ttl = Math.min(ttl, alias.get(0).getTTL());
      name = ((CNAMERecord) alias.get(0)).getTarget().canonicalize();
    }
    return new Reading(tooManyAliases(question.name()), name, minTtl);
  }

  private static List<Record> of(List<Record> records, Name name, int type) {
    return records.stream()
        .filter(record -> record.getType() == type && record.getName().equals(name))
        .toList();
  }

  /** RFC 2308 2, 5: how long nothing holds, its SOA record says. */
  private Reading none(Message message, Name asked, Name last, boolean isSecure, long ttl) {
    boolean isNoSuchName = message.getRcode() == Rcode.NXDOMAIN;
    Optional<SOARecord> zone =
        message.getSection(Section.AUTHORITY).stream()
            .filter(SOARecord.class::isInstance)
            .map(SOARecord.class::cast)
            .findFirst();
    if (!last.equals(asked) && !isNoSuchName && zone.isEmpty()) {
      return new Reading(Optional.empty(), last, isSecure, minTtl);
    }
    long negative = zone.map(soa -> Math.min(soa.getTTL(), soa.getMinimum())).orElse(0L);
    Duration time = bounded(Math.min(ttl, negative));
    return new Reading(
        new DnsAnswer.Nothing(isNoSuchName, isSecure),
        last,
        time.compareTo(MAX_NEGATIVE_TTL) > 0 ? MAX_NEGATIVE_TTL : time);
  }

  private Duration bounded(long ttlInSeconds) {
    if (ttlInSeconds >= maxTtl.toSeconds()) {
      return maxTtl;
    }
    Duration ttl = Duration.ofSeconds(ttlInSeconds);
    return ttl.compareTo(minTtl) < 0 ? minTtl : ttl;
  }

  private static DnsAnswer tooManyAliases(Name name) {
    return new DnsAnswer.Failed(
        "the CNAME records of " + name.toString(true) + " lead in a circle or too far");
  }

  private static String why(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause instanceof CompletionException) {
      cause = cause.getCause();
    }
    return cause instanceof TimeoutException || cause instanceof SocketTimeoutException
        ? "no name server answered in time"
        : Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
  }
}
