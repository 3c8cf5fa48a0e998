package dev.staffetta.placement;

import dev.staffetta.placement.proto.PlacementProto;
import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.VersionedSerializer;
import java.util.Optional;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** Writes what nodes and the placement tell one another, as {@code placement.proto} says. */
public final class PlacementMessageSerializer extends VersionedSerializer {
  private static final int IDENTIFIER = 9022;

  private final ExtendedActorSystem system;

  /** Made by Pekko. */
  public PlacementMessageSerializer(ExtendedActorSystem system) {
    super(IDENTIFIER);
    this.system = system;
    form(
        "report.1",
        PlacementCommand.Report.class,
        message ->
            PlacementProto.Report.newBuilder()
                .setReport(ReportEncoding.report(message.report()))
                .setReplyTo(text(message.replyTo()))
                .build(),
        PlacementProto.Report.parser(),
        message ->
            new PlacementCommand.Report(
                ReportEncoding.report(message.getReport()), reference(message.getReplyTo())));
    form(
        "orders.1",
        PlacementCommand.Orders.class,
        ReportEncoding::orders,
        PlacementProto.Orders.parser(),
        ReportEncoding::orders);
    form(
        "change-node.1",
        PlacementCommand.ChangeNode.class,
        message ->
            PlacementProto.ChangeNode.newBuilder()
                .setNode(message.node())
                .setState(PlacementSerializer.state(message.state()))
                .setForce(message.force())
                .setReplyTo(text(message.replyTo()))
                .build(),
        PlacementProto.ChangeNode.parser(),
        message ->
            new PlacementCommand.ChangeNode(
                message.getNode(),
                PlacementSerializer.state(message.getState()),
                message.getForce(),
                reference(message.getReplyTo())));
    form(
        "get-nodes.1",
        PlacementCommand.GetNodes.class,
        message -> question(message.replyTo()),
        PlacementProto.Question.parser(),
        message -> new PlacementCommand.GetNodes(reference(message.getReplyTo())));
    form(
        "answer.1",
        PlacementCommand.Answer.class,
        PlacementMessageSerializer::answer,
        PlacementProto.Answer.parser(),
        PlacementMessageSerializer::answer);
    form(
        "inquiry.1",
        NodeAgent.Inquiry.class,
        message -> question(message.replyTo()),
        PlacementProto.Question.parser(),
        message -> new NodeAgent.Inquiry(reference(message.getReplyTo())));
    form(
        "node-report.1",
        NodeReport.class,
        ReportEncoding::report,
        PlacementProto.NodeReport.parser(),
        ReportEncoding::report);
  }

  private PlacementProto.Question question(ActorRef<?> replyTo) {
    return PlacementProto.Question.newBuilder().setReplyTo(text(replyTo)).build();
  }

  private static PlacementProto.Answer answer(PlacementCommand.Answer answer) {
    PlacementProto.Answer.Builder message =
        PlacementProto.Answer.newBuilder()
            .setRefusal(answer.refusal().map(Refusal.Code::name).orElse(""))
            .setText(answer.text());
    answer.nodes().forEach(node -> message.addNodes(PlacementSerializer.record(node)));
    return message.build();
  }

  private static PlacementCommand.Answer answer(PlacementProto.Answer message) {
    return new PlacementCommand.Answer(
        message.getRefusal().isEmpty()
            ? Optional.empty()
            : Optional.of(Refusal.Code.valueOf(message.getRefusal())),
        message.getText(),
        message.getNodesList().stream().map(PlacementSerializer::record).toList());
  }

  /** Not in the constructor, which the start of the system waits for: see MessageSerializer. */
  private ActorRefResolver references() {
    return ActorRefResolver.get(Adapter.toTyped(system));
  }

  private String text(ActorRef<?> reference) {
    return references().toSerializationFormat(reference);
  }

  private <T> ActorRef<T> reference(String text) {
    return references().resolveActorRef(text);
  }
}
