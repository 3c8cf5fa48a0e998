package dev.staffetta.relay;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.smtp.client.RemoteReply;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Items for tests. */
public final class QueueItems {
  private QueueItems() {}

  /** Any item. */
  public static Object sample(Random random) {
    MailAddress bob = new MailAddress("bob" + random.nextInt(), "example.net");
    MailAddress carol = new MailAddress("carol", "example.net");
    Instant now = Instant.ofEpochMilli(random.nextInt());
    EnvelopeOptions options =
        new EnvelopeOptions(
            random.nextBoolean(),
            random.nextBoolean(),
            random.nextBoolean(),
            Optional.of(EnvelopeOptions.Returned.HDRS),
            Optional.of("id"),
            Optional.of(new AccountId("alice@example.com")),
            Map.of(
                bob,
                new EnvelopeOptions.ForRecipient(
                    Optional.of(Set.of(EnvelopeOptions.Notify.SUCCESS)),
                    Optional.of("rfc822;b@example.net"))));
    QueueItem item =
        QueueItem.accepted(
            new ContentId(random.nextLong(), random.nextLong()),
            random.nextInt(1000),
            "<m@example.com>",
            new Outbound(
                "example.net",
                random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(new MailAddress("alice", "example.com")),
                List.of(bob, carol),
                options,
                now));
    RemoteReply reply = new RemoteReply(450, "4.2.0", "later");
    return item.withAttempts(
            List.of(new QueueItem.Attempt(now, "mx", bob.toString(), "TEMPORARY", reply)))
        .withRecipients(
            r ->
                r.with(
                    RecipientState.Stage.WAITING,
                    RecipientState.Told.DELAY,
                    reply,
                    Optional.of("mx"),
                    now,
                    random.nextBoolean()))
        .withNext(random.nextInt(9), now, true, random.nextBoolean());
  }
}
