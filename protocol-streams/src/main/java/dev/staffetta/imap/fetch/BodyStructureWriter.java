package dev.staffetta.imap.fetch;

import dev.staffetta.mime.BodyPart;
import dev.staffetta.mime.ContentDisposition;
import dev.staffetta.mime.ContentType;
import dev.staffetta.mime.Parameter;
import java.util.List;
import java.util.Optional;

/**
 * Writes the structure of a message (RFC 3501 9, body): BODYSTRUCTURE with its extension data, BODY
 * without. Types, encodings and names of parameters are the same in any case, and are written in
 * upper case as in the RFC's examples.
 */
final class BodyStructureWriter {
  private final ResponseWriter out;
  private final boolean hasExtensions;

  /**
   * @param hasExtensions for BODYSTRUCTURE, not for BODY
   */
  BodyStructureWriter(ResponseWriter out, boolean hasExtensions) {
    this.out = out;
    this.hasExtensions = hasExtensions;
  }

  /** An empty text/plain, to stand where the grammar wants a part and the message has none. */
  static BodyPart emptyPart(long offset) {
    return new BodyPart(
        offset,
        0,
        0,
        0,
        ContentType.DEFAULT,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        new BodyPart.Nothing());
  }

  /** Writes a part and all that it contains. */
  void write(BodyPart part) {
    out.ascii("(");
    if (part.contained() instanceof BodyPart.Parts multipart) {
      multipart(part, multipart.parts());
    } else {
      onePart(part);
    }
    out.ascii(")");
  }

  /** body-type-mpart. */
  private void multipart(BodyPart part, List<BodyPart> parts) {
    if (parts.isEmpty()) {
      // The grammar knows no multipart without parts (RFC 3501 9, body-type-mpart).
      write(emptyPart(part.bodyOffset()));
    }
    parts.forEach(this::write);
    upper(" ", part.type().subtype());
    if (hasExtensions) {
      parameters(part.type().parameters());
      extensions(part);
    }
  }

  /** body-type-1part. */
  private void onePart(BodyPart part) {
    upper("", part.type().type());
    upper(" ", part.type().subtype());
    parameters(part.type().parameters());
    out.ascii(" ").nstring(part.id()).ascii(" ").nstring(part.description());
    upper(" ", part.encoding().orElse("7bit"));
    out.ascii(" ").number(part.bodySize());
    // A client of RFC 3501 takes a message/global for a basic body: only rfc822 has an envelope.
    if (part.message().isPresent() && part.type().is("message", "rfc822")) {
      EnvelopeWriter.write(out.ascii(" "), part.message().get().envelope());
      out.ascii(" ");
      write(part.message().get().body());
      out.ascii(" ").number(part.lines());
    } else if (part.type().is("text")) {
      out.ascii(" ").number(part.lines());
    }
    if (hasExtensions) {
      out.ascii(" ").nstring(part.md5());
      extensions(part);
    }
  }

  private void parameters(List<Parameter> parameters) {
    if (parameters.isEmpty()) {
      out.ascii(" NIL");
      return;
    }
    String separator = " (";
    for (Parameter parameter : parameters) {
      upper(separator, parameter.name());
      out.ascii(" ").string(parameter.value());
      separator = " ";
    }
    out.ascii(")");
  }

  /** Disposition, language, location, which one part and multipart have in common. */
  private void extensions(BodyPart part) {
    if (part.disposition().isPresent()) {
      ContentDisposition disposition = part.disposition().get();
      upper(" (", disposition.type());
      parameters(disposition.parameters());
      out.ascii(")");
    } else {
      out.ascii(" NIL");
    }
    List<String> languages = part.languages();
    if (languages.size() < 2) {
      out.ascii(" ").nstring(languages.stream().findFirst());
    } else {
      String separator = " (";
      for (String language : languages) {
        out.ascii(separator).string(language);
        separator = " ";
      }
      out.ascii(")");
    }
    out.ascii(" ").nstring(part.location());
  }

  /** Writes a string with its letters of ASCII in upper case, and no other octet changed. */
  private void upper(String before, String text) {
    StringBuilder upper = new StringBuilder(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 'a' && c <= 'z') {
        upper.setCharAt(i, (char) (c - 'a' + 'A'));
      }
    }
    out.ascii(before).string(upper.toString());
  }
}
