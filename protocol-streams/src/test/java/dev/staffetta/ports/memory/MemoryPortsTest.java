package dev.staffetta.ports.memory;

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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The ports in memory, answering from many threads, keep the contracts. */
class MemoryPortsTest
    implements AccountsContract,
        FoldersContract,
        MailboxesContract,
        ContentsContract,
        DeliveriesContract,
        DirectoryContract {
  private static final ExecutorService THREADS = Executors.newFixedThreadPool(4);
  private static final MemoryMail MAIL = new MemoryMail(THREADS);
  private static ActorSystem system;

  @BeforeAll
  static void start() {
    system = ActorSystem.create("memory-ports");
    MAIL.setChunkSize(10_000);
  }

  @AfterAll
  static void stop() {
    THREADS.shutdown();
    system.terminate();
  }

  @Override
  public Accounts accounts() {
    return MAIL.accounts();
  }

  @Override
  public Folders folders() {
    return MAIL.folders();
  }

  @Override
  public Mailboxes mailboxes() {
    return MAIL.mailboxes();
  }

  @Override
  public Contents contents() {
    return MAIL.contents();
  }

  @Override
  public Spool spool() {
    return MAIL.spool();
  }

  @Override
  public Deliveries deliveries() {
    return MAIL.deliveries();
  }

  @Override
  public Directory directory() {
    return MAIL.directory();
  }

  @Override
  public Materializer materializer() {
    return SystemMaterializer.get(system).materializer();
  }
}
