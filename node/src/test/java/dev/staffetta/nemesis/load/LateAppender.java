package dev.staffetta.nemesis.load;

import dev.staffetta.nemesis.history.Folder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A session that was there before, and appends one message when it is told, or some time later. */
final class LateAppender extends LoadClient {
  private final Folder folder;
  private final CountDownLatch told;
  private final int laterMillis;
  private boolean isDone;

  LateAppender(
      String name,
      NodeAddress node,
      Scene scene,
      String account,
      CountDownLatch told,
      int laterMillis,
      long seed) {
    super(name, List.of(node), scene, seed);
    this.folder = new Folder(account, "INBOX");
    this.told = told;
    this.laterMillis = laterMillis;
  }

  @Override
  void session() throws IOException, InterruptedException {
    if (isDone) {
      scene.over().await();
      return;
    }
    try (FolderSession session = new FolderSession(name, node, scene, folder.account())) {
      told.await();
      scene.pause(laterMillis);
      isDone = true;
      String reply = session.appendOne(folder, dice);
      if (!reply.startsWith("OK") && !isTemporary(reply)) {
        complain("APPEND was answered by: " + reply);
      }
    }
  }

  @Override
  boolean isTemporary(String reply) {
    return FolderSession.isTemporary(reply);
  }
}
