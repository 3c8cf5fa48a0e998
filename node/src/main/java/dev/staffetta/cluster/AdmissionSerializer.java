package dev.staffetta.cluster;

import dev.staffetta.cluster.proto.AdmissionProto;
import dev.staffetta.config.NodeAddress;
import dev.staffetta.sharding.VersionedSerializer;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** Writes {@link AdmissionMessage}s as {@code admission.proto} says. */
public final class AdmissionSerializer extends VersionedSerializer {
  private static final int IDENTIFIER = 9030;

  /** Made by Pekko. */
  public AdmissionSerializer(ExtendedActorSystem system) {
    super(IDENTIFIER);
    // Not here yet: it waits for all serializers to be there.
    Supplier<ActorRefResolver> resolver = () -> ActorRefResolver.get(Adapter.toTyped(system));
    form(
        "request.1",
        AdmissionRequest.class,
        request -> request(request, resolver.get()),
        AdmissionProto.AdmissionRequest.parser(),
        request -> request(request, resolver.get()));
    form(
        "welcome.1",
        AdmissionAnswer.Welcome.class,
        AdmissionSerializer::welcome,
        AdmissionProto.Welcome.parser(),
        AdmissionSerializer::welcome);
    form(
        "not-yet.1",
        AdmissionAnswer.NotYet.class,
        answer ->
            AdmissionProto.NotYet.newBuilder()
                .setNode(answer.node())
                .setCluster(answer.cluster().orElse(""))
                .build(),
        AdmissionProto.NotYet.parser(),
        answer -> new AdmissionAnswer.NotYet(answer.getNode(), text(answer.getCluster())));
    form(
        "refused.1",
        AdmissionAnswer.Refused.class,
        answer ->
            AdmissionProto.Refused.newBuilder()
                .setWhy(answer.why())
                .setMayPass(answer.mayPass())
                .build(),
        AdmissionProto.Refused.parser(),
        answer -> new AdmissionAnswer.Refused(answer.getWhy(), answer.getMayPass()));
  }

  private static AdmissionProto.AdmissionRequest request(
      AdmissionRequest request, ActorRefResolver resolver) {
    Applicant applicant = request.applicant();
    return AdmissionProto.AdmissionRequest.newBuilder()
        .setProtocol(applicant.protocol())
        .setVersion(applicant.version())
        .setCluster(applicant.cluster().orElse(""))
        .setNode(applicant.node())
        .setPartitions(applicant.partitions())
        .setAddress(address(applicant.address()))
        .setReplyTo(resolver.toSerializationFormat(request.replyTo()))
        .build();
  }

  private static AdmissionRequest request(
      AdmissionProto.AdmissionRequest request, ActorRefResolver resolver) {
    return new AdmissionRequest(
        new Applicant(
            request.getProtocol(),
            request.getVersion(),
            text(request.getCluster()),
            request.getNode(),
            request.getPartitions(),
            address(request.getAddress())),
        resolver.resolveActorRef(request.getReplyTo()));
  }

  private static AdmissionProto.Welcome welcome(AdmissionAnswer.Welcome welcome) {
    AdmissionProto.Welcome.Builder message =
        AdmissionProto.Welcome.newBuilder()
            .setCluster(welcome.cluster())
            .setPartitions(welcome.partitions())
            .setJoin(address(welcome.join()))
            .setLeader(welcome.leader().orElse(""));
    welcome.members().forEach((node, address) -> message.putMembers(node, address(address)));
    return message.build();
  }

  private static AdmissionAnswer.Welcome welcome(AdmissionProto.Welcome message) {
    return new AdmissionAnswer.Welcome(
        message.getCluster(),
        message.getPartitions(),
        address(message.getJoin()),
        message.getMembersMap().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> address(entry.getValue()))),
        text(message.getLeader()));
  }

  private static AdmissionProto.NodeAddress address(NodeAddress address) {
    return AdmissionProto.NodeAddress.newBuilder()
        .setHost(address.host())
        .setPort(address.port())
        .build();
  }

  private static NodeAddress address(AdmissionProto.NodeAddress address) {
    return new NodeAddress(address.getHost(), address.getPort());
  }

  private static Optional<String> text(String value) {
    return Optional.of(value).filter(text -> !text.isEmpty());
  }
}
