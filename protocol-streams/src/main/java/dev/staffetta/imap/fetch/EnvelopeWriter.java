package dev.staffetta.imap.fetch;

import dev.staffetta.mime.Address;
import dev.staffetta.mime.MessageEnvelope;
import java.util.List;

/** Writes an envelope (RFC 3501 9, envelope). */
final class EnvelopeWriter {
  private EnvelopeWriter() {}

  static void write(ResponseWriter out, MessageEnvelope envelope) {
    out.ascii("(").nstring(envelope.date()).ascii(" ").nstring(envelope.subject());
    addresses(out, envelope.from());
    addresses(out, envelope.effectiveSender());
    addresses(out, envelope.effectiveReplyTo());
    addresses(out, envelope.to());
    addresses(out, envelope.cc());
    addresses(out, envelope.bcc());
    out.ascii(" ").nstring(envelope.inReplyTo()).ascii(" ").nstring(envelope.messageId());
    out.ascii(")");
  }

  private static void addresses(ResponseWriter out, List<Address> addresses) {
    if (addresses.isEmpty()) {
      out.ascii(" NIL");
      return;
    }
    out.ascii(" (");
    for (Address address : addresses) {
      out.ascii("(").nstring(address.name()).ascii(" ").nstring(address.route());
      out.ascii(" ").nstring(address.mailbox()).ascii(" ").nstring(address.host()).ascii(")");
    }
    out.ascii(")");
  }
}
