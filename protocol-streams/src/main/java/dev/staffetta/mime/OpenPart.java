package dev.staffetta.mime;

import dev.staffetta.mime.BodyPart.Contained;
import dev.staffetta.mime.BodyPart.EmbeddedMessage;
import dev.staffetta.mime.BodyPart.Nothing;
import dev.staffetta.mime.BodyPart.Parts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A part whose end has not been seen. Changed by {@link MessageParser} only. */
final class OpenPart {
  /** What its body turned out to be when its header was read. */
  enum Kind {
    LEAF,
    MULTIPART,
    MESSAGE
  }

  /** RFC 2046 5.1.1 allows 70; a boundary longer than this does not delimit anything. */
  static final int LONGEST_BOUNDARY = 250;

  /** RFC 2045 5.1, tspecials. */
  private static final String NO_TOKEN = "()<>@,;:\\\"/[]?=";

  private final MimeLimits limits;
  private final long headerOffset;
  private final ContentType defaultType;
  private final HeaderFields fields;
  private final List<BodyPart> parts = new ArrayList<>();

  private long headerSize;
  private long newlinesBeforeBody;
  private boolean headerEnded;
  private ContentType type;
  private Kind kind = Kind.LEAF;
  private Optional<EmbeddedMessage> message = Optional.empty();

  /** Of a multipart that is not closed; empty otherwise. */
  private byte[] boundary = {};

  OpenPart(MimeLimits limits, long headerOffset, ContentType defaultType, HeaderFields fields) {
    this.limits = limits;
    this.headerOffset = headerOffset;
    this.defaultType = defaultType;
    this.fields = fields;
    this.type = defaultType;
  }

  HeaderFields fields() {
    return fields;
  }

  boolean headerEnded() {
    return headerEnded;
  }

  Kind kind() {
    return kind;
  }

  byte[] boundary() {
    return boundary;
  }

  /** Where its body begins, as far as is known: until its header has ended, where that begins. */
  long bodyOffset() {
    return headerOffset + headerSize;
  }

  /** The type of its parts that do not say theirs (RFC 2046 5.1.5). */
  ContentType defaultTypeOfParts() {
    return type.is("multipart", "digest") ? ContentType.DIGEST_DEFAULT : ContentType.DEFAULT;
  }

  /**
   * Its header ends here.
   *
   * @param newlines in the message so far
   * @param mayContain whether its body may be looked into, or is too deep
   */
  void endHeader(long offset, long newlines, boolean mayContain) {
    headerEnded = true;
    headerSize = offset - headerOffset;
    newlinesBeforeBody = newlines;
    type = fields.text(KnownField.CONTENT_TYPE).map(this::contentType).orElse(defaultType);
    boolean isMessage = type.is("message", "rfc822") || type.is("message", "global");
    Optional<byte[]> delimiter = type.is("multipart") ? boundary(type) : Optional.empty();
    if ((isMessage || delimiter.isPresent()) && !mayContain) {
      type = ContentType.OPAQUE;
    } else if (isMessage) {
      kind = Kind.MESSAGE;
    } else if (delimiter.isPresent()) {
      kind = Kind.MULTIPART;
      boundary = delimiter.get();
    } else if (type.is("multipart")) {
      // Its boundary is missing, so the field is not valid (RFC 2046 5.1.1, RFC 2045 5.2).
      type = ContentType.DEFAULT;
    }
  }

  /** It is not looked into at all, its header included. */
  void makeOpaque(long newlines) {
    headerEnded = true;
    newlinesBeforeBody = newlines;
    type = ContentType.OPAQUE;
  }

  private ContentType contentType(String value) {
    FieldScanner scanner = new FieldScanner(value);
    scanner.skipSpaceAndComments();
    String main = scanner.until(NO_TOKEN);
    scanner.skipSpaceAndComments();
    if (main.isEmpty() || !scanner.take('/')) {
      return ContentType.DEFAULT;
    }
    scanner.skipSpaceAndComments();
    String sub = scanner.until(NO_TOKEN);
    if (sub.isEmpty()) {
      return ContentType.DEFAULT;
    }
    return new ContentType(
        main.toLowerCase(Locale.ROOT), sub.toLowerCase(Locale.ROOT), fields.parameters(scanner));
  }

  private static Optional<byte[]> boundary(ContentType type) {
    return type.parameter("boundary")
        .map(String::stripTrailing)
        .filter(b -> !b.isEmpty() && b.length() <= LONGEST_BOUNDARY)
        .map(b -> b.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Its close delimiter was seen: what follows is its epilogue. */
  void closeMultipart() {
    boundary = new byte[0];
  }

  /** Takes a part that has ended. */
  void add(BodyPart part) {
    parts.add(part);
  }

  /** Takes the message it contains, which has ended. */
  void contain(MessageEnvelope envelope, BodyPart body) {
    message = Optional.of(new EmbeddedMessage(envelope, body));
  }

  /**
   * It ends.
   *
   * @param end the offset after its last byte
   * @param newlines in the message before {@code end}
   * @param endsWithinLine whether the last line before {@code end} has text but no line end
   * @param isInner whether it ends together with the part that contains it, and so may not reach
   *     beyond it
   */
  BodyPart end(long end, long newlines, boolean endsWithinLine, boolean isInner) {
    // Between two delimiters that follow each other, the line end is the second one's, and an inner
    // part would begin behind the end of the part around it.
    long start = isInner ? Math.min(headerOffset, end) : headerOffset;
    long header = isInner ? Math.min(headerSize, end - start) : headerSize;
    long bodySize = Math.max(0, end - start - header);
    long lines = bodySize == 0 ? 0 : newlines - newlinesBeforeBody + (endsWithinLine ? 1 : 0);
    Contained contained =
        switch (kind) {
          case LEAF -> Nothing.INSTANCE;
          case MULTIPART -> new Parts(parts);
          case MESSAGE -> message.orElseGet(() -> emptyMessage(start + header));
        };
    return new BodyPart(
        start,
        header,
        bodySize,
        lines,
        type,
        fields.text(KnownField.CONTENT_ID),
        fields.text(KnownField.CONTENT_DESCRIPTION),
        fields.text(KnownField.CONTENT_TRANSFER_ENCODING).flatMap(OpenPart::token),
        fields.text(KnownField.CONTENT_MD5),
        fields.text(KnownField.CONTENT_DISPOSITION).flatMap(this::disposition),
        fields.text(KnownField.CONTENT_LANGUAGE).map(this::languages).orElse(List.of()),
        fields.text(KnownField.CONTENT_LOCATION),
        contained);
  }

  /** What a message/rfc822 contains that ends before its body begins. */
  private EmbeddedMessage emptyMessage(long offset) {
    HeaderFields none = new HeaderFields(limits, new HeaderFields.Budget(0), true);
    OpenPart empty = new OpenPart(limits, offset, ContentType.DEFAULT, none);
    return new EmbeddedMessage(none.envelope(), empty.end(offset, 0, false, true));
  }

  private static Optional<String> token(String value) {
    FieldScanner scanner = new FieldScanner(value);
    scanner.skipSpaceAndComments();
    return Optional.of(scanner.until(NO_TOKEN).toLowerCase(Locale.ROOT)).filter(t -> !t.isEmpty());
  }

  private Optional<ContentDisposition> disposition(String value) {
    FieldScanner scanner = new FieldScanner(value);
    scanner.skipSpaceAndComments();
    String disposition = scanner.until(NO_TOKEN).toLowerCase(Locale.ROOT);
    return disposition.isEmpty()
        ? Optional.empty()
        : Optional.of(new ContentDisposition(disposition, fields.parameters(scanner)));
  }

  /** Language tags divided by commas (RFC 3282 2). */
  private List<String> languages(String value) {
    List<String> languages = new ArrayList<>();
    FieldScanner scanner = new FieldScanner(value);
    while (languages.size() < limits.parameters()) {
      scanner.skipSpaceAndComments();
      if (scanner.atEnd()) {
        break;
      }
      String tag = scanner.until(",(");
      if (!tag.isEmpty()) {
        languages.add(tag);
      } else {
        scanner.take(',');
      }
    }
    return languages;
  }
}
