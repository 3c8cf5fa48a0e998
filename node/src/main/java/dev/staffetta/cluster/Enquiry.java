package dev.staffetta.cluster;

import dev.staffetta.config.NodeAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.RootActorPath;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.pattern.Patterns;

/** Asks the {@link Admission} of other nodes, all at once. */
final class Enquiry {
  /** A node that is there answers in milliseconds; one that is just starting may take its time. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final ActorSystem system;

  Enquiry(org.apache.pekko.actor.typed.ActorSystem<?> system) {
    this.system = Adapter.toClassic(system);
  }

  /** The answers that came in time, by whom. Never fails. */
  CompletionStage<Map<NodeAddress, AdmissionAnswer>> ask(
      Applicant applicant, Collection<NodeAddress> nodes) {
    Map<NodeAddress, AdmissionAnswer> answers = new ConcurrentHashMap<>();
    CompletableFuture<?>[] asked =
        nodes.stream()
            .map(node -> ask(applicant, node, answers).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(asked).thenApply(all -> Map.copyOf(answers));
  }

  private CompletionStage<Void> ask(
      Applicant applicant, NodeAddress node, Map<NodeAddress, AdmissionAnswer> answers) {
    return Patterns.askWithReplyTo(
            admission(node),
            replyTo -> new AdmissionRequest(applicant, Adapter.toTyped(replyTo)),
            PATIENCE)
        .handle(
            (answer, failure) -> {
              if (answer instanceof AdmissionAnswer given) {
                answers.put(node, given);
              }
              return null;
            });
  }

  private ActorSelection admission(NodeAddress node) {
    Address address = new Address("pekko", system.name(), node.host(), node.port());
    return system.actorSelection(new RootActorPath(address, "/") + Admission.PATH.substring(1));
  }
}
