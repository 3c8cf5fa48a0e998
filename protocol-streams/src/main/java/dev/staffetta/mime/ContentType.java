package dev.staffetta.mime;

import java.util.List;
import java.util.Optional;

/**
 * What a body is (RFC 2045 5).
 *
 * @param type lower-case: {@code text}
 * @param subtype lower-case: {@code plain}
 * @param parameters in order
 */
public record ContentType(String type, String subtype, List<Parameter> parameters) {
  /**
   * What a body without a Content-Type field is, or with one that cannot be read (RFC 2045 5.2).
   */
  public static final ContentType DEFAULT =
      new ContentType("text", "plain", List.of(new Parameter("charset", "us-ascii")));

  /** What a part of a multipart/digest without a Content-Type field is (RFC 2046 5.1.5). */
  static final ContentType DIGEST_DEFAULT = new ContentType("message", "rfc822", List.of());

  /** What is not looked into. */
  static final ContentType OPAQUE = new ContentType("application", "octet-stream", List.of());

  public ContentType {
    parameters = List.copyOf(parameters);
  }

  /** Whether it is of this type, whatever the subtype. */
  public boolean is(String wantedType) {
    return type.equals(wantedType);
  }

  /** Whether it is this type and subtype. */
  public boolean is(String wantedType, String wantedSubtype) {
    return type.equals(wantedType) && subtype.equals(wantedSubtype);
  }

  /** The value of a parameter, RFC 2231 decoded. */
  public Optional<String> parameter(String name) {
    return ParameterValues.decoded(parameters, name);
  }
}
