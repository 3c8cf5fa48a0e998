package dev.staffetta.imap.session;

import java.util.ArrayList;
import java.util.List;

/** What the server can do, by the names of the RFCs (RFC 3501 7.2.1): all that works, no more. */
final class Capabilities {
  private static final List<String> ALWAYS = List.of("IMAP4rev1", "LITERAL+", "ID", "ENABLE");

  /** Said to who has logged in, and not to every stranger. */
  private static final List<String> AUTHENTICATED =
      List.of(
          "IDLE",
          "NAMESPACE",
          "CHILDREN",
          "UIDPLUS",
          "UNSELECT",
          "MOVE",
          "ESEARCH",
          "SPECIAL-USE",
          "CREATE-SPECIAL-USE",
          "LIST-EXTENDED",
          "LIST-STATUS",
          "STATUS=SIZE");

  private Capabilities() {}

  /** With spaces between, as the session stands. */
  static String of(Turn turn) {
    ImapState state = turn.state();
    List<String> capabilities = new ArrayList<>(ALWAYS);
    if (state.isAuthenticated()) {
      capabilities.addAll(AUTHENTICATED);
      capabilities.add("APPENDLIMIT=" + turn.settings().maxMessageInBytes());
    } else {
      if (isTlsOffered(state)) {
        capabilities.add("STARTTLS");
      }
      if (state.mayTellPassword()) {
        capabilities.add("AUTH=PLAIN");
        capabilities.add("SASL-IR");
      } else {
        capabilities.add("LOGINDISABLED");
      }
    }
    return String.join(" ", capabilities);
  }

  /** Whether TLS can be started now. */
  static boolean isTlsOffered(ImapState state) {
    return state.connection().startTls() && !state.isTls();
  }
}
