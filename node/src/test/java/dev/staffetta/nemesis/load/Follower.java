package dev.staffetta.nemesis.load;

import dev.staffetta.nemesis.history.Folder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A session that stays: it selects a folder and idles, looks at it now and then, and in the end,
 * when all is quiet, holds what it was told against what is there.
 */
final class Follower extends LoadClient {
  private final Folder folder;

  Follower(String name, NodeAddress node, Scene scene, Folder folder, long seed) {
    super(name, List.of(node), scene, seed);
    this.folder = folder;
  }

  @Override
  void session() throws IOException, InterruptedException {
    try (FolderSession session = new FolderSession(name, node, scene, folder.account())) {
      session.select(folder, false);
      while (!scene.isQuiet()) {
        session.idle(Duration.ofMillis(500 + dice.nextInt(2_000)));
        session.refresh(false);
      }
      session.refresh(true);
      session.verify();
    }
  }

  @Override
  boolean isTemporary(String reply) {
    return FolderSession.isTemporary(reply);
  }
}
