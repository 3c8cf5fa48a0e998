package dev.staffetta.system;

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
import java.nio.file.Path;
import org.apache.pekko.stream.Materializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contracts of all ports, on real entities over a real store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MailSystemPortsTest
    implements AccountsContract,
        ContentsContract,
        DeliveriesContract,
        DirectoryContract,
        FoldersContract,
        MailboxesContract {
  private RunningMailSystem running;

  @BeforeAll
  void start(@TempDir Path directory) {
    running = new RunningMailSystem(directory);
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @Override
  public Accounts accounts() {
    return running.mail().accounts();
  }

  @Override
  public Folders folders() {
    return running.mail().folders();
  }

  @Override
  public Mailboxes mailboxes() {
    return running.mail().mailboxes();
  }

  @Override
  public Contents contents() {
    return running.mail().contents();
  }

  @Override
  public Spool spool() {
    return running.mail().spool();
  }

  @Override
  public Deliveries deliveries() {
    return running.mail().deliveries();
  }

  @Override
  public Directory directory() {
    return running.mail().directory();
  }

  @Override
  public Materializer materializer() {
    return Materializer.matFromSystem(running.system());
  }
}
