package dev.staffetta.relay;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.EnvelopeOptions.ForRecipient;
import dev.staffetta.ports.EnvelopeOptions.Notify;
import dev.staffetta.ports.EnvelopeOptions.Returned;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.relay.RecipientState.Stage;
import dev.staffetta.relay.RecipientState.Told;
import dev.staffetta.relay.proto.RelayProto;
import dev.staffetta.smtp.client.RemoteReply;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Items to bytes and back, as {@code relay.proto} says. */
final class ItemEncoding {
  // Places in these lists are in the store: new values go to the end.
  private static final List<Stage> STAGES = List.of(Stage.WAITING, Stage.DELIVERED, Stage.FAILED);
  private static final List<Told> TOLD =
      List.of(Told.NOTHING, Told.SUCCESS, Told.DELAY, Told.FAILURE);
  private static final List<Notify> NOTIFY = List.of(Notify.SUCCESS, Notify.FAILURE, Notify.DELAY);
  private static final List<Returned> RETURNED = List.of(Returned.FULL, Returned.HDRS);

  private ItemEncoding() {}

  static byte[] bytes(QueueItem item) {
    return write(item).toByteArray();
  }

  static QueueItem read(byte[] bytes) {
    try {
      return read(RelayProto.Item.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an item of a queue cannot be read", e);
    }
  }

  static RelayProto.Item write(QueueItem item) {
    Outbound mail = item.mail();
    EnvelopeOptions options = mail.options();
    RelayProto.Item.Builder to =
        RelayProto.Item.newBuilder()
            .setContentHigh(item.content().high())
            .setContentLow(item.content().low())
            .setSize(item.size())
            .setMessageId(item.messageId())
            .setDestination(mail.destination())
            .setIsEightBit(options.isEightBit())
            .setIsUtf8(options.isUtf8())
            .setRequiresTls(options.requiresTls())
            .setReturned(options.returned().map(r -> RETURNED.indexOf(r) + 1).orElse(0))
            .setAcceptedMillis(mail.accepted().toEpochMilli())
            .setFailures(item.failures())
            .setNextAttemptMillis(item.nextAttempt().toEpochMilli())
            .setIsHeld(item.isHeld())
            .setIsWarned(item.isWarned())
            .setWaitsForDestination(item.waitsForDestination());
    mail.reversePath().ifPresent(path -> to.setReversePath(address(path)));
    options.envelopeId().ifPresent(to::setEnvelopeId);
    options.submitter().ifPresent(submitter -> to.setSubmitter(submitter.address()));
    item.recipients().forEach(r -> to.addRecipients(recipient(r, options.recipients())));
    item.attempts()
        .forEach(
            a ->
                to.addAttempts(
                    RelayProto.Attempt.newBuilder()
                        .setAtMillis(a.at().toEpochMilli())
                        .setHost(a.host())
                        .setRecipient(a.recipient())
                        .setResult(a.result())
                        .setReply(reply(a.reply()))));
    return to.build();
  }

  private static RelayProto.Recipient recipient(
      RecipientState state, Map<MailAddress, ForRecipient> options) {
    RelayProto.Recipient.Builder to =
        RelayProto.Recipient.newBuilder()
            .setAddress(address(state.address()))
            .setStage(STAGES.indexOf(state.stage()))
            .setDueReport(TOLD.indexOf(state.due()))
            .setLastReply(reply(state.reply()))
            .setLastHost(state.host().orElse(""))
            .setLastAttemptMillis(state.lastAttempt().toEpochMilli())
            .setIsRelayed(state.isRelayed());
    ForRecipient asked = options.getOrDefault(state.address(), ForRecipient.NONE);
    asked
        .reports()
        .ifPresent(
            reports -> {
              to.setHasNotify(true);
              reports.stream().sorted().forEach(notify -> to.addNotify(NOTIFY.indexOf(notify)));
            });
    asked.originalRecipient().ifPresent(to::setOriginalRecipient);
    return to.build();
  }

  static QueueItem read(RelayProto.Item from) {
    Map<MailAddress, ForRecipient> asked = new HashMap<>();
    for (RelayProto.Recipient recipient : from.getRecipientsList()) {
      ForRecipient options =
          new ForRecipient(
              recipient.getHasNotify()
                  ? Optional.of(
                      recipient.getNotifyList().stream()
                          .map(number -> NOTIFY.get(number))
                          .collect(Collectors.toSet()))
                  : Optional.empty(),
              recipient.hasOriginalRecipient()
                  ? Optional.of(recipient.getOriginalRecipient())
                  : Optional.empty());
      if (!options.equals(ForRecipient.NONE)) {
        asked.put(address(recipient.getAddress()), options);
      }
    }
    List<RecipientState> recipients =
        from.getRecipientsList().stream().map(ItemEncoding::recipient).toList();
    Outbound mail =
        new Outbound(
            from.getDestination(),
            from.hasReversePath() ? Optional.of(address(from.getReversePath())) : Optional.empty(),
            recipients.stream().map(RecipientState::address).toList(),
            new EnvelopeOptions(
                from.getIsEightBit(),
                from.getIsUtf8(),
                from.getRequiresTls(),
                from.getReturned() == 0
                    ? Optional.empty()
                    : Optional.of(RETURNED.get(from.getReturned() - 1)),
                from.hasEnvelopeId() ? Optional.of(from.getEnvelopeId()) : Optional.empty(),
                from.hasSubmitter()
                    ? Optional.of(new AccountId(from.getSubmitter()))
                    : Optional.empty(),
                asked),
            Instant.ofEpochMilli(from.getAcceptedMillis()));
    return new QueueItem(
        new ContentId(from.getContentHigh(), from.getContentLow()),
        from.getSize(),
        from.getMessageId(),
        mail,
        recipients,
        from.getFailures(),
        Instant.ofEpochMilli(from.getNextAttemptMillis()),
        from.getIsHeld(),
        from.getIsWarned(),
        from.getWaitsForDestination(),
        from.getAttemptsList().stream()
            .map(
                a ->
                    new QueueItem.Attempt(
                        Instant.ofEpochMilli(a.getAtMillis()),
                        a.getHost(),
                        a.getRecipient(),
                        a.getResult(),
                        reply(a.getReply())))
            .toList());
  }

  private static RecipientState recipient(RelayProto.Recipient from) {
    return new RecipientState(
        address(from.getAddress()),
        STAGES.get(from.getStage()),
        TOLD.get(from.getDueReport()),
        reply(from.getLastReply()),
        from.getLastHost().isEmpty() ? Optional.empty() : Optional.of(from.getLastHost()),
        Instant.ofEpochMilli(from.getLastAttemptMillis()),
        from.getIsRelayed());
  }

  private static RelayProto.Address address(MailAddress address) {
    return RelayProto.Address.newBuilder()
        .setLocalPart(address.localPart())
        .setDomain(address.domain())
        .build();
  }

  private static MailAddress address(RelayProto.Address address) {
    return new MailAddress(address.getLocalPart(), address.getDomain());
  }

  private static RelayProto.Reply reply(RemoteReply reply) {
    return RelayProto.Reply.newBuilder()
        .setCode(reply.code())
        .setStatus(reply.status())
        .setText(reply.text())
        .build();
  }

  private static RemoteReply reply(RelayProto.Reply reply) {
    return new RemoteReply(reply.getCode(), reply.getStatus(), reply.getText());
  }
}
