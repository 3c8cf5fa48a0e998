package dev.staffetta.pop3;

import java.util.ArrayList;
import java.util.List;

/** The answer to CAPA (RFC 2449 5 and 6): what this server does, and nothing else. */
final class Capabilities {
  private Capabilities() {}

  /**
   * The same before and after login, as RFC 2449 5 has it; only TLS changes it. Messages are kept
   * until somebody deletes them ({@code EXPIRE NEVER}), and the next login may come at once ({@code
   * LOGIN-DELAY 0}).
   */
  static Pop3Reply of(Pop3State.Client client) {
    List<String> lines = new ArrayList<>(List.of("TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE"));
    if (client.maySendPassword()) {
      lines.add("USER");
      lines.add("SASL PLAIN");
    }
    if (client.canStartTls()) {
      lines.add("STLS");
    }
    lines.addAll(
        List.of("PIPELINING", "EXPIRE NEVER", "LOGIN-DELAY 0", "IMPLEMENTATION Staffetta"));
    return new Pop3Reply.Lines("capabilities", lines);
  }
}
