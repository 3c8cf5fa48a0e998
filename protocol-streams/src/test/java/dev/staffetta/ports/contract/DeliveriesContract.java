package dev.staffetta.ports.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Deliveries.Recipient;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.SpooledMessage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@link dev.staffetta.ports.Deliveries} does. */
public interface DeliveriesContract extends PortsUnderTest {
  @Test
  default void aRecipientIsLocalUnknownOrRemote() {
    AccountId alice = newAccount();
    String domain = alice.domain();
    await(
        directory()
            .addAlias(new MailAddress("sales", domain), List.of(new MailAddress("alice", domain))));
    for (String local :
        new String[] {
          "alice", "ALICE", "alice+list", "sales", "Sales", "postmaster", "PostMaster"
        }) {
      assertThat(find(local, domain)).as(local).isEqualTo(Recipient.LOCAL);
    }
    for (String unknown : new String[] {"bob", "bob+alice", "+alice", "alice ", "a"}) {
      assertThat(find(unknown, domain)).as(unknown).isEqualTo(Recipient.UNKNOWN);
    }
    assertThat(find("alice", newDomain())).isEqualTo(Recipient.REMOTE);
    assertThat(find("postmaster", newDomain())).isEqualTo(Recipient.REMOTE);
  }

  @Test
  default void aMessageReachesEachAccountOnce() {
    AccountId alice = newAccount();
    String domain = alice.domain();
    AccountId bob = new AccountId("bob@" + domain);
    await(directory().addAccount(bob, "secret"));
    await(
        directory()
            .addAlias(
                new MailAddress("all", domain),
                List.of(new MailAddress("alice", domain), new MailAddress("bob", domain))));
    SpooledMessage message = spool("Subject: x\r\n\r\ntext\r\n");
    Envelope envelope =
        new Envelope(
            Optional.of(new MailAddress("carol", "elsewhere.example")),
            List.of(
                new MailAddress("all", domain),
                new MailAddress("bob", domain),
                new MailAddress("alice+list", domain)));
    await(deliveries().deliver(envelope, message));
    // The reply was lost, and it is tried again: promise 3.
    await(deliveries().deliver(envelope, message));
    message.release();
    for (AccountId account : new AccountId[] {alice, bob}) {
      MailboxId inbox = MailboxId.inboxOf(account);
      assertThat(view(inbox).messages().size()).as("%s", account).isEqualTo(1);
      assertThat(text(inbox, view(inbox).messages().uid(1)))
          .isEqualTo("Subject: x\r\n\r\ntext\r\n");
      assertThat(view(inbox).messages().get(1).flags()).isZero();
    }
  }

  private Recipient find(String localPart, String domain) {
    return await(deliveries().find(new MailAddress(localPart, domain)));
  }
}
