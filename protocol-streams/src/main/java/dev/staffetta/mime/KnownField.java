package dev.staffetta.mime;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The header fields that a summary is made of. */
enum KnownField {
  DATE("Date", true),
  SUBJECT("Subject", true),
  FROM("From", true),
  SENDER("Sender", true),
  REPLY_TO("Reply-To", true),
  TO("To", true),
  CC("Cc", true),
  BCC("Bcc", true),
  IN_REPLY_TO("In-Reply-To", true),
  MESSAGE_ID("Message-ID", true),
  CONTENT_TYPE("Content-Type", false),
  CONTENT_TRANSFER_ENCODING("Content-Transfer-Encoding", false),
  CONTENT_ID("Content-ID", false),
  CONTENT_DESCRIPTION("Content-Description", false),
  CONTENT_MD5("Content-MD5", false),
  CONTENT_DISPOSITION("Content-Disposition", false),
  CONTENT_LANGUAGE("Content-Language", false),
  CONTENT_LOCATION("Content-Location", false);

  private static final Map<String, KnownField> BY_NAME = new HashMap<>();

  static {
    for (KnownField field : values()) {
      BY_NAME.put(field.name.toLowerCase(Locale.ROOT), field);
    }
  }

  private final String name;
  private final boolean ofEnvelope;

  KnownField(String name, boolean ofEnvelope) {
    this.name = name;
    this.ofEnvelope = ofEnvelope;
  }

  /** Whether it says something of a message, not of a body. */
  boolean isOfEnvelope() {
    return ofEnvelope;
  }

  /** Several of them are one list (RFC 5322 4.5.3); of all other fields the first one counts. */
  boolean isJoined() {
    return this == TO || this == CC || this == BCC;
  }

  /** The field of this name in any case. */
  static Optional<KnownField> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
  }
}
