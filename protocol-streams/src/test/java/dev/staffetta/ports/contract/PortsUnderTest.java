package dev.staffetta.ports.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Accounts;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Contents;
import dev.staffetta.ports.Deliveries;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.Folders;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.Spool;
import dev.staffetta.ports.SpooledMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.util.ByteString;

/** The ports that a contract is tried on, and what its tests are made of. */
public interface PortsUnderTest {
  Instant RECEIVED = Instant.parse("2026-01-02T03:04:05Z");

  Accounts accounts();

  Folders folders();

  Mailboxes mailboxes();

  Contents contents();

  Spool spool();

  Deliveries deliveries();

  Directory directory();

  /** Runs the streams of messages. */
  Materializer materializer();

  /** Numbers the domains of tests, so that they do not meet. */
  AtomicLong DOMAINS = new AtomicLong();

  /** A domain that nobody has, not yet added. */
  default String newDomain() {
    return "domain" + DOMAINS.incrementAndGet() + ".example";
  }

  /** A new account {@code alice} with the password {@code secret} in a new domain. */
  default AccountId newAccount() {
    AccountId account = new AccountId("alice@" + newDomain());
    await(directory().addDomain(account.domain()));
    await(directory().addAccount(account, "secret"));
    return account;
  }

  /** A whole message in the spool. */
  default SpooledMessage spool(String text) {
    Spool.Writer writer = spool().open();
    await(writer.append(ByteString.fromString(text, StandardCharsets.ISO_8859_1)));
    return await(writer.finish());
  }

  /** Appends a message and gives its UID. */
  default long append(MailboxId mailbox, String text, String... flags) {
    SpooledMessage message = spool(text);
    try {
      return await(mailboxes().append(mailbox, message, Set.of(flags), RECEIVED)).uid();
    } finally {
      message.release();
    }
  }

  default MailboxView view(MailboxId mailbox) {
    return await(mailboxes().view(mailbox));
  }

  /** The UIDs of a mailbox, ascending. */
  default long[] uids(MailboxId mailbox) {
    return view(mailbox).messages().stream().mapToLong(m -> m.uid()).toArray();
  }

  /** The text of a message, whole. */
  default String text(MailboxId mailbox, long uid) {
    return view(mailbox)
        .messages()
        .find(uid)
        .map(m -> text(mailbox.account(), m.content(), 0, Long.MAX_VALUE))
        .orElseThrow();
  }

  /** A stretch of a content. */
  default String text(AccountId account, ContentId content, long offset, long length) {
    return await(
            contents()
                .read(account, content, offset, length)
                .runFold(ByteString.emptyByteString(), ByteString::concat, materializer()))
        .decodeString(StandardCharsets.ISO_8859_1);
  }

  /** The mailbox of a name. */
  default MailboxId folder(AccountId account, String name) {
    FolderTree tree = await(folders().tree(account));
    return tree.mailbox(name).orElseThrow();
  }

  /** The answer of a call. */
  default <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("the call failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw new AssertionError("no answer", e);
    }
  }

  /** Fails unless the call is refused for this reason. */
  default void assertRefused(CompletionStage<?> stage, Refusal.Code code) {
    try {
      Object answer = stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
      fail("must be refused with %s, but answers %s", code, answer);
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(Refusal.class);
      assertThat(Refusal.of(e).code()).isEqualTo(code);
    } catch (TimeoutException | InterruptedException e) {
      throw new AssertionError("no answer", e);
    }
  }
}
