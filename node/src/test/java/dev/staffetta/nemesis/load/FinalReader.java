package dev.staffetta.nemesis.load;

import dev.staffetta.nemesis.history.Folder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Reads every folder of every account from every node when all is quiet. */
public final class FinalReader {
  private static final String NAME = "reader";

  private final Scene scene;
  private final List<NodeAddress> nodes;

  public FinalReader(Scene scene, List<NodeAddress> nodes) {
    this.scene = scene;
    this.nodes = List.copyOf(nodes);
  }

  /**
   * Reads all; what cannot be read within the limit is a complaint.
   *
   * @param withBodies whether also to fetch every message whole, each folder from one of the nodes
   */
  public void read(Duration limit, boolean withBodies) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    for (int n = 0; n < nodes.size(); n++) {
      for (int a = 0; a < scene.accounts().size(); a++) {
        boolean bodiesToo = withBodies && a % nodes.size() == n;
        read(nodes.get(n), scene.accounts().get(a), bodiesToo, deadline);
      }
    }
  }

  private void read(NodeAddress node, String account, boolean withBodies, long deadline)
      throws InterruptedException {
    while (true) {
      try (FolderSession session = new FolderSession(NAME, node, scene, account)) {
        for (String name : Scene.FOLDERS) {
          session.select(new Folder(account, name), true);
          if (withBodies) {
            session.readAll();
          }
        }
        return;
      } catch (IOException notYet) {
        if (System.nanoTime() > deadline) {
          scene
              .recorder()
              .complain(NAME, node.name(), account + " cannot be read after healing: " + notYet);
          return;
        }
        Thread.sleep(300);
      }
    }
  }
}
