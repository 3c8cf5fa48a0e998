package dev.staffetta.nemesis.relay;

import dev.staffetta.client.ImapClient;
import dev.staffetta.nemesis.load.NodeAddress;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the reports in one sender's mailbox, each once. */
final class BounceReader {
  private static final Pattern UID = Pattern.compile("UID (\\d+)");

  /** RFC 3464 2.3: fields of one recipient; Action follows Final-Recipient. */
  private static final Pattern FAILED =
      Pattern.compile(
          "Final-Recipient: *rfc822; *(\\S+)\\s+Action: *failed", Pattern.CASE_INSENSITIVE);

  private final String account;
  private final String password;
  private final RelayRecord record;
  private long lastUid;

  BounceReader(String account, String password, RelayRecord record) {
    this.account = account;
    this.password = password;
    this.record = record;
  }

  /** What has come since. */
  void read(List<NodeAddress> nodes, Random dice) throws IOException {
    int port = nodes.get(dice.nextInt(nodes.size())).ports().imap();
    try (ImapClient imap = new ImapClient(port, RelaySender.REPLY_LIMIT)) {
      imap.login(account, password);
      imap.ok("EXAMINE INBOX");
      long after = lastUid;
      for (String response :
          imap.ok("UID FETCH " + (after + 1) + ":* (UID BODY.PEEK[])").untagged()) {
        Matcher uid = UID.matcher(response);
        // n:* has the last message even if that is before n.
        if (response.contains("FETCH (") && uid.find() && Long.parseLong(uid.group(1)) > after) {
          lastUid = Math.max(lastUid, Long.parseLong(uid.group(1)));
          Matcher failed = FAILED.matcher(response);
          while (failed.find()) {
            record.bounced(new Bounce(failed.group(1).toLowerCase(Locale.ROOT), account));
          }
        }
      }
    }
  }
}
