package dev.staffetta.cluster;

import dev.staffetta.config.ClusterSettings;
import dev.staffetta.config.NodeAddress;
import dev.staffetta.config.Settings;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one node into its cluster: it asks, as {@link Formation} says, until it knows what to
 * do, and does it. For the thread that starts the node, which it blocks; it waits as long as it
 * must, until it is told to stop.
 */
public final class ClusterEntry {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterEntry.class);
  private static final Duration PAUSE = Duration.ofMillis(300);

  /** A longest wait for answers; each has its own, shorter deadline. */
  private static final Duration ROUND = Duration.ofSeconds(10);

  /** One who said welcome may have died since: then another is asked. */
  private static final Duration JOIN_PATIENCE = Duration.ofSeconds(10);

  private static final Duration BETWEEN_LOG_LINES = Duration.ofSeconds(15);

  private final ActorSystem<?> system;
  private final Cluster cluster;
  private final ClusterSettings settings;
  private final Enquiry enquiry;
  private final ActorRef<Admission.Command> admission;
  private final KnownMembers known;
  private final Supplier<Collection<NodeAddress>> discovery;
  private final CompletableFuture<?> stopAsked;
  private final CompletableFuture<?> terminated;

  /** Either of the two. */
  private final CompletableFuture<?> interruption;

  private final CompletableFuture<Void> up = new CompletableFuture<>();
  private final long begin = System.nanoTime();
  private Applicant applicant;
  private long lastLogLine = begin - BETWEEN_LOG_LINES.toNanos();

  private ClusterEntry(
      ActorSystem<?> system,
      ClusterSettings settings,
      Applicant applicant,
      ActorRef<Admission.Command> admission,
      KnownMembers known,
      Supplier<Collection<NodeAddress>> discovery,
      CompletionStage<?> stopAsked) {
    this.system = system;
    this.cluster = Cluster.get(system);
    this.settings = settings;
    this.enquiry = new Enquiry(system);
    this.applicant = applicant;
    this.admission = admission;
    this.known = known;
    this.discovery = discovery;
    this.stopAsked = stopAsked.toCompletableFuture();
    this.terminated = system.getWhenTerminated().toCompletableFuture();
    this.interruption = CompletableFuture.anyOf(this.stopAsked, terminated);
    org.apache.pekko.cluster.Cluster.get(system).registerOnMemberUp(() -> up.complete(null));
  }

  /**
   * From here on others that ask get an answer.
   *
   * @param version of the software
   * @param leader who leads partition 0, as far as this node knows
   * @param stopAsked completes when the node is to stop
   * @throws CannotJoinException when nodes cannot be discovered as the settings want
   */
  public static ClusterEntry begin(
      ActorSystem<?> system,
      Settings settings,
      String version,
      KnownMembers known,
      Supplier<Optional<String>> leader,
      CompletionStage<?> stopAsked)
      throws CannotJoinException {
    Applicant self =
        new Applicant(
            Applicant.PROTOCOL,
            version,
            Optional.of(settings.store().cluster()).filter(name -> !name.isEmpty()),
            settings.node().name(),
            settings.store().partitions(),
            Members.self(system));
    return new ClusterEntry(
        system,
        settings.cluster(),
        self,
        Admission.start(system, self.withoutData(), leader),
        known,
        NodeDiscovery.of(system, settings.cluster()),
        stopAsked);
  }

  /** Where a node without data belongs. */
  public sealed interface Place {
    /** It founds a cluster. */
    record Founder() implements Place {}

    /** It becomes one more node of a cluster. */
    record Newcomer(String cluster) implements Place {}
  }

  /** For a node without data: asks until it is known whether it founds or whom it joins. */
  public Place find() throws CannotJoinException, InterruptedException {
    Formation.Step step = decide(() -> false, false);
    LOG.info("{} {}", applicant.node(), inWords(step));
    return step instanceof Formation.Join join
        ? new Place.Newcomer(join.welcome().cluster())
        : new Place.Founder();
  }

  /** The node has data of a cluster from now on. */
  public void hasData(String ofCluster) {
    applicant = applicant.of(ofCluster);
    admission.tell(new Admission.HasData(ofCluster));
  }

  /**
   * For a node with data: asks until it is up in the actors' cluster.
   *
   * @param leads whether it leads partition 0, as a majority confirms; may block
   */
  public void enter(BooleanSupplier leads) throws CannotJoinException, InterruptedException {
    while (!up.isDone()) {
      Formation.Step step = decide(leads, true);
      LOG.debug("{} {}", applicant.node(), inWords(step));
      Address address =
          step instanceof Formation.Join join
              ? address(join.welcome().join())
              : cluster.selfMember().address();
      cluster.manager().tell(Join.create(address));
      awaitUp();
    }
  }

  /**
   * Once the node is up: watches over its place from then on.
   *
   * @param leader who leads partition 0, as far as this node's own replica knows
   * @param lonely hears why the node had better end and join anew
   */
  public void watch(Supplier<Optional<String>> leader, Consumer<String> lonely) {
    Set<NodeAddress> others = others(discovered());
    ClusterWatch.start(system, applicant, settings.lonelyAfter(), others, leader, lonely);
    MemberRecorder.start(system, known);
    QuickDowning.start(system);
  }

  private Address address(NodeAddress node) {
    return new Address("pekko", system.name(), node.host(), node.port());
  }

  /** Until it is up, or has not got a foot in the door for too long. */
  private void awaitUp() throws CannotJoinException, InterruptedException {
    long deadline = System.nanoTime() + JOIN_PATIENCE.toNanos();
    while (!up.isDone()
        && (System.nanoTime() < deadline
            || !cluster.selfMember().status().equals(MemberStatus.removed()))) {
      pause(up, Duration.ofSeconds(1));
      if (System.nanoTime() >= deadline) {
        sayNowAndThen("it has joined and waits until all members know");
      }
    }
  }

  private Formation.Step decide(BooleanSupplier leads, boolean hasData)
      throws CannotJoinException, InterruptedException {
    while (true) {
      Formation.Step step = step(leads, hasData);
      if (step instanceof Formation.GiveUp giveUp) {
        throw new CannotJoinException(giveUp.why());
      }
      if (step instanceof Formation.Wait wait) {
        sayNowAndThen(wait.why());
        pause(interruption, PAUSE);
      } else {
        return step;
      }
    }
  }

  private Formation.Step step(BooleanSupplier leads, boolean hasData)
      throws CannotJoinException, InterruptedException {
    Formation.Discovered discovered = discovered();
    Set<NodeAddress> others = others(discovered);
    Map<NodeAddress, AdmissionAnswer> answers = answers(others);
    return new Formation(
            applicant.address(),
            hasData ? applicant.cluster() : Optional.empty(),
            settings.seedNodes(),
            others,
            discovered,
            answers,
            hasData && leads.getAsBoolean(),
            Duration.ofNanos(System.nanoTime() - begin),
            settings.foundingPatience())
        .next();
  }

  private Set<NodeAddress> others(Formation.Discovered discovered) {
    Set<NodeAddress> others = new LinkedHashSet<>(settings.seedNodes());
    others.addAll(known.addresses());
    others.addAll(discovered.found());
    others.remove(applicant.address());
    return others;
  }

  private Map<NodeAddress, AdmissionAnswer> answers(Set<NodeAddress> others)
      throws CannotJoinException, InterruptedException {
    if (others.isEmpty()) {
      return Map.of();
    }
    CompletableFuture<Map<NodeAddress, AdmissionAnswer>> asked =
        enquiry.ask(applicant, others).toCompletableFuture();
    pause(asked, ROUND);
    return asked.isDone() ? asked.join() : Map.of();
  }

  private Formation.Discovered discovered() {
    ClusterSettings.Discovery by = settings.discovery();
    return by.method() == ClusterSettings.Discovery.Method.NONE
        ? Formation.Discovered.NONE
        : new Formation.Discovered(true, by.requiredNodes(), discovery.get());
  }

  /** Waits for something, but not longer than so, and not when the node is to stop. */
  private void pause(CompletableFuture<?> until, Duration longest)
      throws CannotJoinException, InterruptedException {
    try {
      until.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // That is what a pause is.
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot wait for the cluster", e);
    }
    if (stopAsked.isDone()) {
      throw new CannotJoinException("asked to stop before it was in its cluster");
    }
    if (terminated.isDone()) {
      throw new CannotJoinException("its cluster has given it up while it joined", true);
    }
  }

  private void sayNowAndThen(String why) {
    long now = System.nanoTime();
    if (now - lastLogLine >= BETWEEN_LOG_LINES.toNanos()) {
      lastLogLine = now;
      LOG.info("{} is not in its cluster yet; it waits: {}", applicant.node(), why);
    }
  }

  private static String inWords(Formation.Step step) {
    if (step instanceof Formation.Join join) {
      return "joins cluster " + join.welcome().cluster() + " at " + join.welcome().join();
    }
    return step instanceof Formation.Found ? "founds a cluster" : "leads partition 0 and begins";
  }
}
