package dev.staffetta.relay;

import com.google.protobuf.ByteString;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.ContentId;
import dev.staffetta.relay.RelayQueueCommand.Accept;
import dev.staffetta.relay.RelayQueueCommand.GetSizes;
import dev.staffetta.relay.RelayQueueCommand.Items;
import dev.staffetta.relay.RelayQueueCommand.ListItems;
import dev.staffetta.relay.RelayQueueCommand.Operate;
import dev.staffetta.relay.RelayQueueCommand.Operated;
import dev.staffetta.relay.RelayQueueCommand.Size;
import dev.staffetta.relay.RelayQueueCommand.Sizes;
import dev.staffetta.relay.RelayQueueCommand.Trace;
import dev.staffetta.relay.RelayQueueCommand.Wake;
import dev.staffetta.relay.proto.RelayProto;
import dev.staffetta.relay.proto.RelayProto.Question;
import dev.staffetta.sharding.MessageSerializer;
import dev.staffetta.store.content.SmallContent;
import java.util.Optional;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;

/** Writes queues' events, and what they are asked and answer, as {@code relay.proto} says. */
public final class RelaySerializer extends MessageSerializer {
  private static final int IDENTIFIER = 9040;

  /** Made by Pekko. */
  public RelaySerializer(ExtendedActorSystem system) {
    super(IDENTIFIER, system);
    events();
    commands();
    answers();
  }

  private void events() {
    form(
        "changed.1",
        QueueChange.class,
        change -> RelayProto.Changed.getDefaultInstance(),
        RelayProto.Changed.parser(),
        change -> QueueChange.PAST);
    form(
        "state.1",
        QueueState.class,
        state -> RelayProto.State.newBuilder().setChanges(state.changes()).build(),
        RelayProto.State.parser(),
        state -> new QueueState(state.getChanges()));
  }

  private void commands() {
    form("accept.1", Accept.class, this::accept, RelayProto.Accept.parser(), this::accept);
    form(
        "wake.1",
        Wake.class,
        wake -> RelayProto.Changed.getDefaultInstance(),
        RelayProto.Changed.parser(),
        wake -> new Wake());
    form(
        "list.1",
        ListItems.class,
        list -> question("", list.after(), list.domain(), list.limit(), list.replyTo()),
        Question.parser(),
        list ->
            new ListItems(
                list.getDomain(), list.getId(), list.getLimit(), actor(list.getReplyTo())));
    form(
        "trace.1",
        Trace.class,
        trace -> question("", trace.name(), "", 0, trace.replyTo()),
        Question.parser(),
        trace -> new Trace(trace.getId(), actor(trace.getReplyTo())));
    form(
        "sizes.1",
        GetSizes.class,
        sizes -> question("", "", "", sizes.limit(), sizes.replyTo()),
        Question.parser(),
        sizes -> new GetSizes(sizes.getLimit(), actor(sizes.getReplyTo())));
    form(
        "operate.1",
        Operate.class,
        operate ->
            question(operate.operation(), operate.item(), operate.domain(), 0, operate.replyTo())
                .toBuilder()
                .setAfter(operate.after())
                .build(),
        Question.parser(),
        operate ->
            new Operate(
                operate.getWhat(),
                operate.getId(),
                operate.getDomain(),
                operate.getAfter(),
                actor(operate.getReplyTo())));
  }

  private void answers() {
    form(
        "items.1",
        Items.class,
        items ->
            RelayProto.Items.newBuilder()
                .addAllItems(items.items().stream().map(ItemEncoding::write).toList())
                .build(),
        RelayProto.Items.parser(),
        items -> new Items(items.getItemsList().stream().map(ItemEncoding::read).toList()));
    form(
        "items-label.1",
        ItemsParcel.ItemsLabel.class,
        label -> RelayProto.ItemsLabel.getDefaultInstance(),
        RelayProto.ItemsLabel.parser(),
        label -> new ItemsParcel.ItemsLabel());
    form(
        "operated.1",
        Operated.class,
        operated ->
            RelayProto.Operated.newBuilder()
                .setChanged(operated.changed())
                .setBusy(operated.busy())
                .setHeld(operated.held())
                .setLast(operated.last())
                .build(),
        RelayProto.Operated.parser(),
        operated ->
            new Operated(
                operated.getChanged(), operated.getBusy(), operated.getHeld(), operated.getLast()));
    form(
        "size.1",
        Size.class,
        RelaySerializer::size,
        RelayProto.Size.parser(),
        RelaySerializer::size);
    form(
        "all-sizes.1",
        Sizes.class,
        sizes ->
            RelayProto.Sizes.newBuilder()
                .setAll(size(sizes.all()))
                .setDestinations(sizes.destinations())
                .addAllSizes(sizes.sizes().stream().map(RelaySerializer::size).toList())
                .build(),
        RelayProto.Sizes.parser(),
        sizes ->
            new Sizes(
                size(sizes.getAll()),
                sizes.getDestinations(),
                sizes.getSizesList().stream().map(RelaySerializer::size).toList()));
  }

  private Question question(String what, String id, String domain, int limit, ActorRef<?> replyTo) {
    return Question.newBuilder()
        .setWhat(what)
        .setId(id)
        .setDomain(domain)
        .setLimit(limit)
        .setReplyTo(actor(replyTo))
        .build();
  }

  private RelayProto.Accept accept(Accept command) {
    RelayProto.Accept.Builder accept =
        RelayProto.Accept.newBuilder()
            .setItem(ItemEncoding.write(command.item()))
            .setReplyTo(actor(command.replyTo()));
    command
        .small()
        .ifPresent(
            small ->
                accept.setSmall(
                    RelayProto.Small.newBuilder()
                        .setContentHigh(small.id().high())
                        .setContentLow(small.id().low())
                        .setSummary(ByteString.copyFrom(small.summary().toBytes()))
                        .setBytes(ByteString.copyFrom(small.bytes().toArrayUnsafe()))));
    return accept.build();
  }

  private Accept accept(RelayProto.Accept command) {
    RelayProto.Small small = command.getSmall();
    return new Accept(
        ItemEncoding.read(command.getItem()),
        command.hasSmall()
            ? Optional.of(
                new SmallContent(
                    new ContentId(small.getContentHigh(), small.getContentLow()),
                    MessageSummary.fromBytes(small.getSummary().toByteArray()),
                    org.apache.pekko.util.ByteString.fromArrayUnsafe(
                        small.getBytes().toByteArray())))
            : Optional.empty(),
        actor(command.getReplyTo()));
  }

  private static RelayProto.Size size(Size size) {
    return RelayProto.Size.newBuilder()
        .setDestination(size.destination())
        .setWaiting(size.waiting())
        .setRecipients(size.recipients())
        .setHeld(size.held())
        .setOldestMillis(size.oldestMillis())
        .build();
  }

  private static Size size(RelayProto.Size size) {
    return new Size(
        size.getDestination(),
        size.getWaiting(),
        size.getRecipients(),
        size.getHeld(),
        size.getOldestMillis());
  }
}
