package dev.staffetta.ports.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Contents;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.Spool;
import dev.staffetta.ports.SpooledMessage;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What {@link dev.staffetta.ports.Spool} and {@link dev.staffetta.ports.Contents} do. */
public interface ContentsContract extends PortsUnderTest {
  @Test
  default void anyBytesComeBackWholeAndInPieces() {
    MailboxId inbox = MailboxId.inboxOf(newAccount());
    for (int size : new int[] {0, 1, 70_000, 3_000_000}) {
      ByteString bytes = random(size);
      Spool.Writer writer = spool().open();
      for (int i = 0; i < size; i += 65_536) {
        await(writer.append(bytes.slice(i, Math.min(size, i + 65_536))));
      }
      assertThat(writer.size()).isEqualTo(size);
      SpooledMessage message = await(writer.finish());
      assertThat(message.size()).isEqualTo(size);
      for (int times = 0; times < 2; times++) {
        assertThat(
                await(
                    message
                        .bytes()
                        .runFold(ByteString.emptyByteString(), ByteString::concat, materializer())))
            .isEqualTo(bytes);
      }
      long uid = await(mailboxes().append(inbox, message, Set.of(), RECEIVED)).uid();
      message.release();
      message.release();
      writer.discard();
      Message row = view(inbox).messages().find(uid).orElseThrow();
      assertThat(row.size()).isEqualTo(size);
      int middle = size / 2;
      for (int[] stretch :
          new int[][] {{0, size}, {0, size + 10}, {middle, 10}, {size, 5}, {size + 5, 5}, {1, 0}}) {
        ByteString expected = bytes.drop(stretch[0]).take(stretch[1]);
        assertThat(read(inbox.account(), row.content(), stretch[0], stretch[1]))
            .as("%s of %s", List.of(stretch[0], stretch[1]), size)
            .isEqualTo(expected);
        int small = Math.min(stretch[1], Contents.SMALL);
        assertThat(await(contents().readSmall(inbox.account(), row.content(), stretch[0], small)))
            .as("%s, %s of %s at once", stretch[0], small, size)
            .isEqualTo(expected.take(small));
      }
    }
  }

  @Test
  default void summariesComeInTheOrderAskedFor() {
    MailboxId inbox = MailboxId.inboxOf(newAccount());
    long first = append(inbox, "Subject: first\r\n\r\nbody\r\n");
    long second = append(inbox, "Subject: the second\r\n\r\nbody\r\n");
    ContentId one = view(inbox).messages().find(first).orElseThrow().content();
    ContentId two = view(inbox).messages().find(second).orElseThrow().content();
    assertThat(await(contents().summaries(inbox.account(), List.of(two, one, two))))
        .extracting(summary -> summary.headerSize())
        .containsExactly(23L, 18L, 23L);
    assertThat(await(contents().summaries(inbox.account(), List.of()))).isEmpty();
  }

  @Test
  default void aContentThatIsNoneFails() {
    AccountId account = newAccount();
    Assertions.assertThatThrownBy(
            () ->
                contents()
                    .summaries(account, List.of(ContentId.random()))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
    Assertions.assertThatThrownBy(
            () ->
                contents()
                    .readSmall(account, ContentId.random(), 0, 10)
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
    Assertions.assertThatThrownBy(
            () ->
                contents()
                    .read(account, ContentId.random(), 0, 10)
                    .runFold(ByteString.emptyByteString(), ByteString::concat, materializer())
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
  }

  @Test
  default void aMessageCanBeGivenUpAtAnyTime() {
    Spool.Writer writer = spool().open();
    writer.discard();
    writer.discard();
    Spool.Writer other = spool().open();
    await(other.append(random(200_000)));
    other.discard();
    Spool.Writer finished = spool().open();
    await(finished.append(random(10)));
    await(finished.finish());
    finished.discard();
  }

  private ByteString read(AccountId account, ContentId content, long offset, long length) {
    return await(
        contents()
            .read(account, content, offset, length)
            .runFold(ByteString.emptyByteString(), ByteString::concat, materializer()));
  }

  private static ByteString random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return ByteString.fromArrayUnsafe(bytes);
  }
}
