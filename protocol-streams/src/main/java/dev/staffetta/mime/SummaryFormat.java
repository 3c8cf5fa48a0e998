package dev.staffetta.mime;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.staffetta.mime.BodyPart.Contained;
import dev.staffetta.mime.BodyPart.EmbeddedMessage;
import dev.staffetta.mime.BodyPart.Nothing;
import dev.staffetta.mime.BodyPart.Parts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** A summary in bytes and back: message_summary.proto. */
final class SummaryFormat {
  /** Of the parser; stored so that a later one can tell what an earlier one did not know. */
  private static final int VERSION = 1;

  private SummaryFormat() {}

  static byte[] write(MessageSummary summary) {
    StoredSummary.Summary.Builder stored =
        StoredSummary.Summary.newBuilder()
            .setVersion(VERSION)
            .setSize(summary.size())
            .setEnvelope(envelope(summary.envelope()));
    addParts(stored, summary.body());
    return stored.build().toByteArray();
  }

  static MessageSummary read(byte[] bytes) {
    try {
      StoredSummary.Summary stored =
          StoredSummary.Summary.parseFrom(CodedInputStream.newInstance(bytes));
      Iterator<StoredSummary.Part> parts = stored.getPartsList().iterator();
      if (stored.getVersion() < 1 || !parts.hasNext()) {
        throw new IllegalArgumentException("not a message summary: it has no version or no part");
      }
      return new MessageSummary(stored.getSize(), envelope(stored.getEnvelope()), part(parts));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a message summary: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  private static ByteString octets(String text) {
    return ByteString.copyFrom(text, StandardCharsets.ISO_8859_1);
  }

  private static String text(ByteString octets) {
    return octets.toString(StandardCharsets.ISO_8859_1);
  }

  private static Optional<String> text(boolean isThere, ByteString octets) {
    return isThere ? Optional.of(text(octets)) : Optional.empty();
  }

  private static StoredSummary.Envelope envelope(MessageEnvelope envelope) {
    StoredSummary.Envelope.Builder stored = StoredSummary.Envelope.newBuilder();
    envelope.date().ifPresent(t -> stored.setDate(octets(t)));
    envelope.subject().ifPresent(t -> stored.setSubject(octets(t)));
    envelope.from().forEach(a -> stored.addFrom(address(a)));
    envelope.sender().forEach(a -> stored.addSender(address(a)));
    envelope.replyTo().forEach(a -> stored.addReplyTo(address(a)));
    envelope.to().forEach(a -> stored.addTo(address(a)));
    envelope.cc().forEach(a -> stored.addCc(address(a)));
    envelope.bcc().forEach(a -> stored.addBcc(address(a)));
    envelope.inReplyTo().ifPresent(t -> stored.setInReplyTo(octets(t)));
    envelope.messageId().ifPresent(t -> stored.setMessageId(octets(t)));
    return stored.build();
  }

  private static MessageEnvelope envelope(StoredSummary.Envelope stored) {
    return new MessageEnvelope(
        text(stored.hasDate(), stored.getDate()),
        text(stored.hasSubject(), stored.getSubject()),
        addresses(stored.getFromList()),
        addresses(stored.getSenderList()),
        addresses(stored.getReplyToList()),
        addresses(stored.getToList()),
        addresses(stored.getCcList()),
        addresses(stored.getBccList()),
        text(stored.hasInReplyTo(), stored.getInReplyTo()),
        text(stored.hasMessageId(), stored.getMessageId()));
  }

  private static StoredSummary.Address address(Address address) {
    StoredSummary.Address.Builder stored = StoredSummary.Address.newBuilder();
    address.name().ifPresent(t -> stored.setName(octets(t)));
    address.route().ifPresent(t -> stored.setRoute(octets(t)));
    address.mailbox().ifPresent(t -> stored.setMailbox(octets(t)));
    address.host().ifPresent(t -> stored.setHost(octets(t)));
    return stored.build();
  }

  private static List<Address> addresses(List<StoredSummary.Address> stored) {
    return stored.stream()
        .map(
            a ->
                new Address(
                    text(a.hasName(), a.getName()),
                    text(a.hasRoute(), a.getRoute()),
                    text(a.hasMailbox(), a.getMailbox()),
                    text(a.hasHost(), a.getHost())))
        .toList();
  }

  /** Adds a part and all that it contains. Parts nest no deeper than {@link MimeLimits#depth}. */
  private static void addParts(StoredSummary.Summary.Builder summary, BodyPart part) {
    StoredSummary.Part.Builder stored =
        StoredSummary.Part.newBuilder()
            .setHeaderOffset(part.headerOffset())
            .setHeaderSize(part.headerSize())
            .setBodySize(part.bodySize())
            .setLines(part.lines());
    if (!part.type().is("text", "plain")) {
      stored.setType(octets(part.type().type())).setSubtype(octets(part.type().subtype()));
    }
    part.type().parameters().forEach(p -> stored.addParameters(parameter(p)));
    part.id().ifPresent(t -> stored.setId(octets(t)));
    part.description().ifPresent(t -> stored.setDescription(octets(t)));
    part.encoding().ifPresent(t -> stored.setEncoding(octets(t)));
    part.md5().ifPresent(t -> stored.setMd5(octets(t)));
    part.disposition().ifPresent(d -> stored.setDisposition(disposition(d)));
    part.languages().forEach(t -> stored.addLanguages(octets(t)));
    part.location().ifPresent(t -> stored.setLocation(octets(t)));
    Contained contained = part.contained();
    if (contained instanceof Parts multipart) {
      summary.addParts(stored.setParts(multipart.parts().size()));
      multipart.parts().forEach(p -> addParts(summary, p));
    } else if (contained instanceof EmbeddedMessage message) {
      summary.addParts(stored.setMessage(envelope(message.envelope())));
      addParts(summary, message.body());
    } else {
      summary.addParts(stored);
    }
  }

  private static BodyPart part(Iterator<StoredSummary.Part> parts) {
    if (!parts.hasNext()) {
      throw new IllegalArgumentException("not a message summary: parts are missing");
    }
    StoredSummary.Part stored = parts.next();
    boolean isTextPlain = stored.getType().isEmpty();
    return new BodyPart(
        stored.getHeaderOffset(),
        stored.getHeaderSize(),
        stored.getBodySize(),
        stored.getLines(),
        new ContentType(
            isTextPlain ? "text" : text(stored.getType()),
            isTextPlain ? "plain" : text(stored.getSubtype()),
            parameters(stored.getParametersList())),
        text(stored.hasId(), stored.getId()),
        text(stored.hasDescription(), stored.getDescription()),
        text(stored.hasEncoding(), stored.getEncoding()),
        text(stored.hasMd5(), stored.getMd5()),
        stored.hasDisposition()
            ? Optional.of(disposition(stored.getDisposition()))
            : Optional.empty(),
        stored.getLanguagesList().stream().map(SummaryFormat::text).toList(),
        text(stored.hasLocation(), stored.getLocation()),
        contained(stored, parts));
  }

  private static Contained contained(
      StoredSummary.Part stored, Iterator<StoredSummary.Part> parts) {
    return switch (stored.getContainedCase()) {
      case PARTS -> {
        List<BodyPart> contained = new ArrayList<>();
        for (int i = 0; i < stored.getParts(); i++) {
          contained.add(part(parts));
        }
        yield new Parts(contained);
      }
      case MESSAGE -> new EmbeddedMessage(envelope(stored.getMessage()), part(parts));
      case CONTAINED_NOT_SET -> Nothing.INSTANCE;
    };
  }

  private static StoredSummary.Parameter parameter(Parameter parameter) {
    return StoredSummary.Parameter.newBuilder()
        .setName(octets(parameter.name()))
        .setValue(octets(parameter.value()))
        .build();
  }

  private static List<Parameter> parameters(List<StoredSummary.Parameter> stored) {
    return stored.stream().map(p -> new Parameter(text(p.getName()), text(p.getValue()))).toList();
  }

  private static StoredSummary.Disposition disposition(ContentDisposition disposition) {
    StoredSummary.Disposition.Builder stored =
        StoredSummary.Disposition.newBuilder().setType(octets(disposition.type()));
    disposition.parameters().forEach(p -> stored.addParameters(parameter(p)));
    return stored.build();
  }

  private static ContentDisposition disposition(StoredSummary.Disposition stored) {
    return new ContentDisposition(text(stored.getType()), parameters(stored.getParametersList()));
  }
}
