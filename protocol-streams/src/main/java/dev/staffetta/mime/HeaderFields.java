package dev.staffetta.mime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gathers the values of one header's known fields, unfolded (RFC 5322 2.2.3), line by line and
 * within limits. Used by one thread.
 */
final class HeaderFields {
  /** How many bytes the headers of one message may still keep. */
  static final class Budget {
    private int bytes;

    Budget(int bytes) {
      this.bytes = bytes;
    }

    /** How many things of {@link #COST} may still be made, at most {@code most}. */
    private int affordable(int most) {
      return Math.max(0, Math.min(most, bytes / COST));
    }

    private void spend(int things) {
      bytes -= things * COST;
    }
  }

  /** What an address or a parameter takes besides its text, in bytes. */
  private static final int COST = 64;

  /** A field's value so far. */
  private static final class Value {
    private byte[] bytes = new byte[80];
    private int size;

    String text() {
      return new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
    }
  }

  private final MimeLimits limits;
  private final Budget budget;
  private final boolean wantsEnvelope;
  private final Map<KnownField, Value> values = new EnumMap<>(KnownField.class);

  /** The field that the current line belongs to; null: one that nobody asks for. */
  private KnownField field;

  HeaderFields(MimeLimits limits, Budget budget, boolean wantsEnvelope) {
    this.limits = limits;
    this.budget = budget;
    this.wantsEnvelope = wantsEnvelope;
  }

  /** Takes the beginning of a line that is not empty, or all of it, without its line end. */
  void startLine(byte[] line, int size) {
    if (line[0] == ' ' || line[0] == '\t') {
      more(line, 0, size);
      return;
    }
    int colon = 0;
    while (colon < size && line[colon] != ':') {
      colon++;
    }
    field = colon == size ? null : start(name(line, colon));
    more(line, Math.min(colon + 1, size), size);
  }

  private static String name(byte[] line, int colon) {
    int end = colon;
    // White space before the colon is obsolete, and read all the same (RFC 5322 4.5).
    while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t')) {
      end--;
    }
    return new String(line, 0, end, StandardCharsets.ISO_8859_1);
  }

  private KnownField start(String name) {
    Optional<KnownField> known =
        KnownField.named(name).filter(f -> wantsEnvelope || !f.isOfEnvelope());
    if (known.isEmpty()) {
      return null;
    }
    KnownField found = known.get();
    Value before = values.get(found);
    if (before == null) {
      values.put(found, new Value());
    } else if (found.isJoined()) {
      append(before, found, new byte[] {','}, 0, 1);
    } else {
      return null;
    }
    return found;
  }

  /** Whether the rest of the current line is worth passing on. */
  boolean isCollecting() {
    return field != null;
  }

  /** Takes more bytes of the current line. */
  void more(byte[] bytes, int from, int to) {
    if (field != null) {
      append(values.get(field), field, bytes, from, to);
    }
  }

  /** The current line ended with CRLF, and its CR was passed on as if it were text. */
  void dropCarriageReturn() {
    if (field != null) {
      Value value = values.get(field);
      if (value.size > 0 && value.bytes[value.size - 1] == '\r') {
        value.size--;
        budget.bytes++;
      }
    }
  }

  private void append(Value value, KnownField which, byte[] bytes, int from, int to) {
    int most = which.isOfEnvelope() ? limits.fieldBytes() : limits.mimeFieldBytes();
    int taken = Math.min(to - from, Math.min(most - value.size, budget.bytes));
    if (taken <= 0) {
      return;
    }
    if (value.bytes.length - value.size < taken) {
      value.bytes =
          Arrays.copyOf(value.bytes, Math.max(value.bytes.length * 2, value.size + taken));
    }
    System.arraycopy(bytes, from, value.bytes, value.size, taken);
    value.size += taken;
    budget.bytes -= taken;
  }

  /** The value of a field, without white space around it; empty: the header does not have it. */
  Optional<String> text(KnownField which) {
    return Optional.ofNullable(values.get(which)).map(Value::text).map(String::strip);
  }

  /** The envelope of this header. */
  MessageEnvelope envelope() {
    return new MessageEnvelope(
        text(KnownField.DATE),
        text(KnownField.SUBJECT),
        addresses(KnownField.FROM),
        addresses(KnownField.SENDER),
        addresses(KnownField.REPLY_TO),
        addresses(KnownField.TO),
        addresses(KnownField.CC),
        addresses(KnownField.BCC),
        text(KnownField.IN_REPLY_TO),
        text(KnownField.MESSAGE_ID));
  }

  /** The parameters that follow in a structured field's value. */
  List<Parameter> parameters(FieldScanner scanner) {
    List<Parameter> parameters = scanner.parameters(budget.affordable(limits.parameters()));
    budget.spend(parameters.size());
    return parameters;
  }

  private List<Address> addresses(KnownField which) {
    List<Address> addresses =
        text(which)
            .map(value -> AddressParser.parse(value, budget.affordable(limits.addresses())))
            .orElse(List.of());
    budget.spend(addresses.size());
    return addresses;
  }
}
