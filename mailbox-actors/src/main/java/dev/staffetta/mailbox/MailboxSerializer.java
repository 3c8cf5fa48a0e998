package dev.staffetta.mailbox;

import dev.staffetta.mailbox.proto.MailboxProto;
import dev.staffetta.ports.MessageSegment;
import dev.staffetta.sharding.VersionedSerializer;

/** Writes a mailbox's changes and snapshots as {@code mailbox.proto} says. */
public final class MailboxSerializer extends VersionedSerializer {
  private static final int IDENTIFIER = 7301;

  /** Made by Pekko. */
  public MailboxSerializer() {
    super(IDENTIFIER);
    form(
        "created.1",
        MailboxChange.Created.class,
        MailboxEncoding::created,
        MailboxProto.Created.parser(),
        MailboxEncoding::created);
    form(
        "keywords-added.1",
        MailboxChange.KeywordsAdded.class,
        MailboxEncoding::keywordsAdded,
        MailboxProto.KeywordsAdded.parser(),
        MailboxEncoding::keywordsAdded);
    form(
        "appended.1",
        MailboxChange.Appended.class,
        MailboxEncoding::appended,
        MailboxProto.Appended.parser(),
        MailboxEncoding::appended);
    form(
        "copied.1",
        MailboxChange.Copied.class,
        MailboxEncoding::copied,
        MailboxProto.Copied.parser(),
        MailboxEncoding::copied);
    form(
        "flags-changed.1",
        MailboxChange.FlagsChanged.class,
        MailboxEncoding::flagsChanged,
        MailboxProto.FlagsChanged.parser(),
        MailboxEncoding::flagsChanged);
    form(
        "store-remembered.1",
        MailboxChange.StoreRemembered.class,
        change -> MailboxEncoding.storeRemembered(change.operation(), change.answer()),
        MailboxProto.StoreRemembered.parser(),
        change ->
            new MailboxChange.StoreRemembered(
                MailboxEncoding.id(change.getOperation()), MailboxEncoding.stored(change)));
    form(
        "expunged.1",
        MailboxChange.Expunged.class,
        MailboxEncoding::expunged,
        MailboxProto.Expunged.parser(),
        MailboxEncoding::expunged);
    form(
        "move-started.1",
        MailboxChange.MoveStarted.class,
        MailboxEncoding::moveStarted,
        MailboxProto.MoveStarted.parser(),
        MailboxEncoding::moveStarted);
    form(
        "move-finished.1",
        MailboxChange.MoveFinished.class,
        MailboxEncoding::moveFinished,
        MailboxProto.MoveFinished.parser(),
        MailboxEncoding::moveFinished);
    form(
        "move-abandoned.1",
        MailboxChange.MoveAbandoned.class,
        MailboxEncoding::moveAbandoned,
        MailboxProto.MoveAbandoned.parser(),
        MailboxEncoding::moveAbandoned);
    form(
        "recent-taken.1",
        MailboxChange.RecentTaken.class,
        MailboxEncoding::recentTaken,
        MailboxProto.RecentTaken.parser(),
        MailboxEncoding::recentTaken);
    form(
        "deleted.1",
        MailboxChange.Deleted.class,
        change -> MailboxProto.Deleted.getDefaultInstance(),
        MailboxProto.Deleted.parser(),
        change -> new MailboxChange.Deleted());
    form(
        "snapshot-root.1",
        SnapshotRoot.class,
        SnapshotEncoding::head,
        MailboxProto.Head.parser(),
        SnapshotEncoding::head);
    form(
        "segment.1",
        MessageSegment.class,
        SnapshotEncoding::segment,
        MailboxProto.Segment.parser(),
        SnapshotEncoding::segment);
  }
}
