package dev.staffetta.cluster;

import dev.staffetta.cluster.AdmissionAnswer.NotYet;
import dev.staffetta.cluster.AdmissionAnswer.Refused;
import dev.staffetta.cluster.AdmissionAnswer.Welcome;
import dev.staffetta.config.NodeAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a node that is in no cluster does next. A pure function of what it knows and was told.
 *
 * <p>There must never be two clusters of one id that both take writes, and there are not, since
 * Raft decides that; but two clusters of actors over one store would keep each other from working.
 * So: a node with data makes a cluster of actors only when it leads partition 0, which one node
 * does at a time. A node without data founds a store only if it was meant to: it knows of no other,
 * or is the first seed, or the lowest of those that were discovered.
 *
 * @param self its own address
 * @param cluster whose data it has; empty: none
 * @param seeds of the settings, in order
 * @param others all whom it asks, without itself
 * @param discovery what the settings say of it, and who was found, itself among them perhaps
 * @param answers that came, by whom
 * @param leads whether it leads partition 0, and a majority has just confirmed it
 * @param waited since its start
 * @param foundingPatience of the first seed with those who do not answer
 */
record Formation(
    NodeAddress self,
    Optional<String> cluster,
    List<NodeAddress> seeds,
    Collection<NodeAddress> others,
    Discovered discovery,
    Map<NodeAddress, AdmissionAnswer> answers,
    boolean leads,
    Duration waited,
    Duration foundingPatience) {
  /** For so long a reason may be one that passes, such as this node's own former life. */
  private static final Duration PATIENCE_WITH_REFUSALS = Duration.ofSeconds(15);

  /**
   * Nodes that were discovered.
   *
   * @param isUsed whether there is discovery at all
   * @param required so many must be found before one founds
   */
  record Discovered(boolean isUsed, int required, Collection<NodeAddress> found) {
    /** The settings have none. */
    static final Discovered NONE = new Discovered(false, 0, List.of());
  }

  /** What to do. */
  sealed interface Step {}

  /** Join who said welcome. */
  record Join(Welcome welcome) implements Step {}

  /** Make a new cluster. */
  record Found() implements Step {}

  /** Make a cluster of actors over the store that there is. */
  record Lead() implements Step {}

  /**
   * Ask again.
   *
   * @param why for the log
   */
  record Wait(String why) implements Step {}

  /** Stop: it will not become better by itself. */
  record GiveUp(String why) implements Step {}

  Step next() {
    Optional<Welcome> welcome = all(Welcome.class).findFirst();
    if (welcome.isPresent()) {
      return new Join(welcome.get());
    }
    Optional<Refused> refused = all(Refused.class).findFirst();
    if (refused.isPresent()) {
      boolean mayPass = refused.get().mayPass() && waited.compareTo(PATIENCE_WITH_REFUSALS) < 0;
      return mayPass ? new Wait(refused.get().why()) : new GiveUp(refused.get().why());
    }
    return cluster.isPresent() ? withData() : withoutData();
  }

  private Step withData() {
    return leads
        ? new Lead()
        : new Wait(
            "until a node of cluster "
                + cluster.get()
                + " is up, or this one leads partition 0 with a majority of its replicas;"
                + " no answer from "
                + silent());
  }

  private Step withoutData() {
    Optional<String> theirs =
        all(NotYet.class).flatMap(answer -> answer.cluster().stream()).findFirst();
    if (theirs.isPresent()) {
      return new Wait("until cluster " + theirs.get() + " is up");
    }
    boolean isAlone = others.isEmpty() && !discovery.isUsed();
    if (isAlone || (mayFound() && (silent().isEmpty() || !isPatient()))) {
      return new Found();
    }
    return new Wait(
        mayFound() ? "for an answer of " + silent() : "until a cluster is founded; " + founders());
  }

  private boolean isPatient() {
    return waited.compareTo(foundingPatience) < 0;
  }

  private boolean mayFound() {
    if (!seeds.isEmpty()) {
      return seeds.get(0).equals(self);
    }
    return discovery.isUsed()
        && discovery.found().size() >= discovery.required()
        && new TreeSet<>(discovery.found()).first().equals(self);
  }

  private String founders() {
    if (!seeds.isEmpty()) {
      return "the first seed does that, which is " + seeds.get(0) + "; this node is " + self;
    }
    return discovery.isUsed()
        ? "the lowest of those discovered does that when there are "
            + discovery.required()
            + "; found: "
            + new TreeSet<>(discovery.found())
            + "; this node is "
            + self
        : "there are known members and no seeds";
  }

  private List<NodeAddress> silent() {
    return others.stream().filter(address -> !answers.containsKey(address)).sorted().toList();
  }

  private <A extends AdmissionAnswer> java.util.stream.Stream<A> all(Class<A> kind) {
    return answers.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .filter(kind::isInstance)
        .map(kind::cast);
  }
}
