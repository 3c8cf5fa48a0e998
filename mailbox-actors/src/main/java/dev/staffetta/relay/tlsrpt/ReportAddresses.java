package dev.staffetta.relay.tlsrpt;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Where a domain wants its reports (RFC 8460 3). */
final class ReportAddresses {
  /** More than anybody needs: each costs a report. */
  private static final int MAX_ADDRESSES = 5;

  private static final Pattern MAIL =
      Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+");

  private ReportAddresses() {}

  /**
   * The addresses in a domain's records: {@code mailto:} and {@code https:}; none: it wants none.
   */
  static List<URI> of(List<String> records) {
    List<String> policies =
        records.stream().filter(record -> record.matches("v=TLSRPTv1\\s*;.*")).toList();
    // RFC 8460 3: more than one, and there is none.
    if (policies.size() != 1) {
      return List.of();
    }
    List<URI> addresses = new ArrayList<>();
    for (String field : policies.get(0).split(";", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0 && field.substring(0, equals).strip().equals("rua")) {
        for (String text : field.substring(equals + 1).split(",", -1)) {
          add(text.strip(), addresses);
        }
      }
    }
    return List.copyOf(addresses);
  }

  private static void add(String text, List<URI> addresses) {
    try {
      URI address = new URI(text);
      String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
      boolean isMail =
          scheme.equals("mailto") && MAIL.matcher(address.getSchemeSpecificPart()).matches();
      boolean isWeb = scheme.equals("https") && address.getHost() != null;
      if ((isMail || isWeb) && addresses.size() < MAX_ADDRESSES) {
        addresses.add(address);
      }
    } catch (URISyntaxException e) {
      // Not an address: nothing can be sent there.
    }
  }
}
