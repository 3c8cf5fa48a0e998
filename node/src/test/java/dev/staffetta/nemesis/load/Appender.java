package dev.staffetta.nemesis.load;

import dev.staffetta.nemesis.history.Folder;
import java.io.IOException;
import java.util.List;

/** Appends to one account's INBOX by IMAP on one node, and does not give up when it is refused. */
final class Appender extends LoadClient {
  private final Folder folder;

  Appender(String name, NodeAddress node, Scene scene, String account, long seed) {
    super(name, List.of(node), scene, seed);
    this.folder = new Folder(account, "INBOX");
  }

  @Override
  void session() throws IOException, InterruptedException {
    try (FolderSession session = new FolderSession(name, node, scene, folder.account())) {
      while (scene.goesOn()) {
        String reply = session.appendOne(folder, dice);
        if (!reply.startsWith("OK") && !isTemporary(reply)) {
          complain("APPEND was answered by: " + reply);
        }
        scene.pause(50 + dice.nextInt(150));
      }
    }
  }

  @Override
  boolean isTemporary(String reply) {
    return FolderSession.isTemporary(reply);
  }
}
