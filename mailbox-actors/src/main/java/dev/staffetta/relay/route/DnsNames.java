package dev.staffetta.relay.route;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/** Domains as they stand in addresses, and names as they stand in DNS. */
final class DnsNames {
  private DnsNames() {}

  /** The absolute name, of A-labels (RFC 5890 2.3.2.1); empty: it is none. */
  static Optional<Name> of(String domain) {
    try {
      String ascii = IDN.toASCII(domain);
      Name name = Name.fromString(ascii, Name.root);
      boolean isHost = ascii.matches("[A-Za-z0-9_.-]+") && name.labels() > 1;
      return isHost ? Optional.of(name.canonicalize()) : Optional.empty();
    } catch (IllegalArgumentException | TextParseException e) {
      return Optional.empty();
    }
  }

  /** Lower-case, without the dot at its end. */
  static String text(Name name) {
    return name.toString(true).toLowerCase(Locale.ROOT);
  }

  /** A name below another; empty: it would be too long. */
  static Optional<Name> below(String labels, Name name) {
    try {
      return Optional.of(Name.fromString(labels, name));
    } catch (TextParseException e) {
      return Optional.empty();
    }
  }
}
