package dev.staffetta.system;

import dev.staffetta.placement.NodeState;
import dev.staffetta.ports.Accounts;
import dev.staffetta.ports.Contents;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.Folders;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Spool;
import dev.staffetta.ports.contract.AccountsContract;
import dev.staffetta.ports.contract.ContentsContract;
import dev.staffetta.ports.contract.DeliveriesContract;
import dev.staffetta.ports.contract.DirectoryContract;
import dev.staffetta.ports.contract.FoldersContract;
import dev.staffetta.ports.contract.MailboxesContract;
import dev.staffetta.store.PartitionStatus;
import dev.staffetta.store.Stores;
import java.nio.file.Path;
import org.apache.pekko.stream.Materializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contracts of all ports, asked of a node that leads nothing: all of it is elsewhere. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MailClusterPortsTest
    implements AccountsContract,
        ContentsContract,
        DeliveriesContract,
        DirectoryContract,
        FoldersContract,
        MailboxesContract {
  private MailCluster cluster;
  private MailCluster.Running asked;

  @BeforeAll
  void start(@TempDir Path directory) {
    cluster = MailCluster.of(3, directory, 3);
    asked = cluster.node(3);
    Stores.await(asked.mail().nodes().change("node3", NodeState.DRAINING, false));
    Awaitility.await()
        .atMost(MailCluster.patience())
        .until(() -> asked.store().status().stream().noneMatch(PartitionStatus::leads));
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Override
  public Accounts accounts() {
    return asked.mail().accounts();
  }

  @Override
  public Folders folders() {
    return asked.mail().folders();
  }

  @Override
  public Mailboxes mailboxes() {
    return asked.mail().mailboxes();
  }

  @Override
  public Contents contents() {
    return asked.mail().contents();
  }

  @Override
  public Spool spool() {
    return asked.mail().spool();
  }

  @Override
  public Deliveries deliveries() {
    return asked.mail().deliveries();
  }

  @Override
  public Directory directory() {
    return asked.mail().directory();
  }

  @Override
  public Materializer materializer() {
    return Materializer.matFromSystem(asked.system());
  }
}
