package dev.staffetta.relay;

import dev.staffetta.ports.MailAddress;
import dev.staffetta.relay.route.Route;
import dev.staffetta.smtp.client.Hop;
import dev.staffetta.smtp.client.HopFailedException;
import dev.staffetta.smtp.client.HopSecurity;
import dev.staffetta.smtp.client.MailTransport;
import dev.staffetta.smtp.client.OutgoingMail;
import dev.staffetta.smtp.client.RecipientOutcome;
import dev.staffetta.smtp.client.RecipientOutcome.Result;
import dev.staffetta.smtp.client.RecipientOutcome.Scope;
import dev.staffetta.smtp.client.RemoteReply;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * The servers of all domains, without a network: they take all mail unless they are told not to.
 */
final class TestServers implements MailTransport {
  static final RemoteReply REFUSED = new RemoteReply(0, "4.4.1", "connection refused");
  static final RemoteReply LATER = new RemoteReply(450, "4.2.0", "greylisted");
  static final RemoteReply UNKNOWN = new RemoteReply(550, "5.1.1", "no such user");
  static final RemoteReply LOST = new RemoteReply(0, "4.4.2", "the connection was lost");

  /** Answers to some recipients; all others are taken. */
  final Map<String, Supplier<Result>> results = new ConcurrentHashMap<>();

  /** Hosts that lose the connection with every message. */
  final Set<String> losing = ConcurrentHashMap.newKeySet();

  /** What was answered, {@code DELIVERED bob@one.example}. */
  final List<String> answered = new CopyOnWriteArrayList<>();

  /** Hosts that a connection to was asked for. */
  final List<String> opened = new CopyOnWriteArrayList<>();

  private final Set<String> refusing = ConcurrentHashMap.newKeySet();
  private final Set<String> silent = ConcurrentHashMap.newKeySet();
  private volatile boolean refusesAll;
  private volatile Optional<Materializer> materializer = Optional.empty();

  /** A host that is named as its domain. */
  static Route route(String domain) {
    return new Route.Hops(
        domain,
        List.of(hop(domain, InetSocketAddress.createUnresolved(domain, 25), HopSecurity.PLAIN)));
  }

  static Hop hop(String host, InetSocketAddress address, HopSecurity security) {
    return new Hop(host, address, Hop.Dialect.SMTP, security, Optional.empty(), Optional.empty());
  }

  /** Reads every message to its end from now on. */
  void reading(Materializer by) {
    materializer = Optional.of(by);
  }

  void refuse(String host) {
    refusing.add(host);
  }

  /** A connection to it never comes about. */
  void swallow(String host) {
    silent.add(host);
  }

  void refuseAll() {
    refusesAll = true;
  }

  /** All take connections and mail again. */
  void recover() {
    refusesAll = false;
    refusing.clear();
    silent.clear();
    losing.clear();
    results.clear();
  }

  @Override
  public CompletionStage<Channel> open(Hop hop) {
    opened.add(hop.host());
    if (silent.contains(hop.host())) {
      return new CompletableFuture<>();
    }
    return refusesAll || refusing.contains(hop.host())
        ? CompletableFuture.failedStage(
            new HopFailedException(HopFailedException.Stage.CONNECT, REFUSED))
        : CompletableFuture.completedStage(new Open(hop.host()));
  }

  private final class Open implements Channel {
    private final String host;
    private volatile boolean isUsable = true;

    private Open(String host) {
      this.host = host;
    }

    @Override
    public CompletionStage<List<RecipientOutcome>> send(OutgoingMail mail) {
      if (materializer.isEmpty()) {
        return CompletableFuture.completedStage(outcomes(mail));
      }
      return mail.bytes()
          .runWith(Sink.ignore(), materializer.get())
          .handle((done, failure) -> failure == null ? outcomes(mail) : unreadable(mail, failure));
    }

    private List<RecipientOutcome> outcomes(OutgoingMail mail) {
      return mail.recipients().stream().map(this::outcome).toList();
    }

    private RecipientOutcome outcome(MailAddress recipient) {
      if (losing.contains(host)) {
        isUsable = false;
        answered.add("LOST " + recipient);
        return new RecipientOutcome(recipient, Result.TEMPORARY, LOST, Scope.CONNECTION, false);
      }
      Result result = results.getOrDefault(recipient.toString(), () -> Result.DELIVERED).get();
      answered.add(result + " " + recipient);
      RemoteReply reply =
          switch (result) {
            case DELIVERED -> new RemoteReply(250, "2.0.0", "taken");
            case TEMPORARY -> LATER;
            case PERMANENT -> UNKNOWN;
          };
      return new RecipientOutcome(recipient, result, reply, Scope.RECIPIENT, false);
    }

    /** As the client says it of a message that breaks off. */
    private List<RecipientOutcome> unreadable(OutgoingMail mail, Throwable failure) {
      isUsable = false;
      RemoteReply reply = new RemoteReply(0, "4.3.0", "could not be read: " + failure);
      return mail.recipients().stream()
          .map(r -> new RecipientOutcome(r, Result.TEMPORARY, reply, Scope.MESSAGE, false))
          .toList();
    }

    @Override
    public boolean isUsable() {
      return isUsable;
    }

    @Override
    public Optional<String> tls() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
