package dev.staffetta.sharding;

import dev.staffetta.ports.Refusal;
import dev.staffetta.sharding.proto.ShardingProto;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ExtendedActorSystem;

/** Writes what entities answer, as {@code sharding.proto} says. */
public final class AnswerSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 9010;

  /** Made by Pekko. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // An answer's type is known to who asked.
  public AnswerSerializer(ExtendedActorSystem system) {
    super(IDENTIFIER, system);
    this.<Answer.Done, ShardingProto.Done>form(
        "done.1",
        Answer.Done.class,
        answer -> done(answer.value()),
        ShardingProto.Done.parser(),
        done -> new Answer.Done<>(value(done)));
    this.<Answer.Refused, ShardingProto.Refused>form(
        "refused.1",
        Answer.Refused.class,
        refused ->
            ShardingProto.Refused.newBuilder()
                .setCode(ShardingProto.Refused.Code.valueOf(refused.code().name()))
                .setText(refused.text())
                .build(),
        ShardingProto.Refused.parser(),
        refused -> new Answer.Refused<>(code(refused.getCode()), refused.getText()));
    this.<Answer.InParts, ShardingProto.InParts>form(
        "in-parts.1",
        Answer.InParts.class,
        this::inParts,
        ShardingProto.InParts.parser(),
        this::inParts);
    form(
        "give-part.1",
        ParcelKeeper.GivePart.class,
        command ->
            ShardingProto.GivePart.newBuilder()
                .setNumber(command.number())
                .setReplyTo(actor(command.replyTo()))
                .build(),
        ShardingProto.GivePart.parser(),
        command -> new ParcelKeeper.GivePart(command.getNumber(), actor(command.getReplyTo())));
    form(
        "part.1",
        ParcelKeeper.Part.class,
        part ->
            ShardingProto.Part.newBuilder()
                .setNumber(part.number())
                .setContent(nested(part.content()))
                .build(),
        ShardingProto.Part.parser(),
        part -> new ParcelKeeper.Part(part.getNumber(), (EntityMessage) nested(part.getContent())));
    form(
        "texts.1",
        TextParcel.Texts.class,
        texts -> ShardingProto.Texts.newBuilder().addAllTexts(texts.texts()).build(),
        ShardingProto.Texts.parser(),
        texts -> new TextParcel.Texts(texts.getTextsList()));
    form(
        "texts-label.1",
        TextParcel.TextLabel.class,
        label -> ShardingProto.TextsLabel.getDefaultInstance(),
        ShardingProto.TextsLabel.parser(),
        label -> new TextParcel.TextLabel());
  }

  private ShardingProto.Done done(Object value) {
    ShardingProto.Done.Builder done = ShardingProto.Done.newBuilder();
    if (value instanceof Done) {
      done.setNothing(ShardingProto.Done.Nothing.getDefaultInstance());
    } else if (value instanceof Boolean truth) {
      done.setTruth(truth);
    } else if (value instanceof Long number) {
      done.setNumber(number);
    } else if (value instanceof String text) {
      done.setText(text);
    } else if (value instanceof OptionalLong number) {
      done.setPerhapsNumber(
          ShardingProto.Done.PerhapsNumber.newBuilder()
              .setIsPresent(number.isPresent())
              .setNumber(number.orElse(0)));
    } else {
      done.setNested(nested(value));
    }
    return done.build();
  }

  private Object value(ShardingProto.Done done) {
    return switch (done.getValueCase()) {
      case NOTHING -> Done.getInstance();
      case TRUTH -> done.getTruth();
      case NUMBER -> done.getNumber();
      case TEXT -> done.getText();
      case PERHAPS_NUMBER ->
          done.getPerhapsNumber().getIsPresent()
              ? OptionalLong.of(done.getPerhapsNumber().getNumber())
              : OptionalLong.empty();
      case NESTED -> nested(done.getNested());
      case VALUE_NOT_SET ->
          throw new IllegalArgumentException("an answer's value is of a later version");
    };
  }

  /** A reason of a later version is taken for one that may pass. */
  private static Refusal.Code code(ShardingProto.Refused.Code code) {
    return code == ShardingProto.Refused.Code.UNRECOGNIZED
        ? Refusal.Code.UNAVAILABLE
        : Refusal.Code.valueOf(code.name());
  }

  private ShardingProto.InParts inParts(Answer.InParts<?> answer) {
    ShardingProto.InParts.Builder result =
        ShardingProto.InParts.newBuilder()
            .setLabel(nested(answer.label()))
            .setCount(answer.count())
            .setKeeper(answer.keeper().map(this::actor).orElse(""));
    answer.parts().forEach(part -> result.addParts(nested(part)));
    return result.build();
  }

  private Answer.InParts<?> inParts(ShardingProto.InParts answer) {
    List<EntityMessage> parts =
        answer.getPartsList().stream().map(part -> (EntityMessage) nested(part)).toList();
    return new Answer.InParts<>(
        (Parcel.Label<?>) nested(answer.getLabel()),
        parts,
        answer.getCount(),
        answer.getKeeper().isEmpty() ? Optional.empty() : Optional.of(actor(answer.getKeeper())));
  }
}
