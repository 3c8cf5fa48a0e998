package dev.staffetta.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.mailbox.MailboxState.Move;
import dev.staffetta.mailbox.MailboxState.Stage;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageSegment;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import dev.staffetta.sharding.GoldenFiles;
import java.io.NotSerializableException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MailboxSerializerTest {
  private static final ContentId CONTENT = new ContentId(0x0123456789abcdefL, -2);
  private static final ContentId OPERATION = new ContentId(7, 0x7fff_ffff_ffff_ffffL);
  private static final Message MESSAGE =
      new Message(
          0xFFFF_FFF0L,
          0b100011,
          99,
          3_000_000_000L,
          Instant.ofEpochSecond(1_790_000_000L),
          CONTENT);

  private final MailboxSerializer serializer = new MailboxSerializer();

  private static Message message(long uid) {
    return new Message(
        uid,
        uid % 64,
        5 + uid % 3,
        100 * uid,
        Instant.ofEpochSecond(1_700_000_000L - uid),
        CONTENT);
  }

  private static final Map<String, Object> VALUES =
      Map.ofEntries(
          Map.entry("created.1", new MailboxChange.Created(1_790_000_000L)),
          Map.entry(
              "keywords-added.1", new MailboxChange.KeywordsAdded(List.of("$Work", "später"))),
          Map.entry("appended.1", new MailboxChange.Appended(MESSAGE, List.of())),
          Map.entry(
              "copied.1",
              new MailboxChange.Copied(
                  OPERATION,
                  UidSet.of(2, 3, 9),
                  41,
                  42,
                  List.of(
                      new Message(10, 1, 42, 5, Instant.ofEpochSecond(-3), CONTENT),
                      new Message(11, 0, 42, 6, Instant.ofEpochSecond(4), OPERATION),
                      new Message(12, 33, 42, 0, Instant.ofEpochSecond(5), CONTENT)))),
          Map.entry(
              "flags-changed.1",
              new MailboxChange.FlagsChanged(
                  17,
                  List.of(
                      new MailboxChange.FlagsChanged.Group(UidSet.of(1, 2, 3, 100), 0),
                      new MailboxChange.FlagsChanged.Group(
                          UidSet.of(0xFFFF_FFFFL), Long.MAX_VALUE)))),
          Map.entry(
              "store-remembered.1",
              new MailboxChange.StoreRemembered(
                  OPERATION, new MailboxCommand.Stored(17, UidSet.of(2, 3), OptionalLong.of(9)))),
          Map.entry("expunged.1", new MailboxChange.Expunged(18, UidSet.of(1, 5, 6, 7), List.of())),
          Map.entry("move-started.1", new MailboxChange.MoveStarted(OPERATION, UidSet.of(4, 8), 3)),
          Map.entry(
              "move-finished.1",
              new MailboxChange.MoveFinished(OPERATION, 19, 1_790_000_001L, 77, 20, List.of())),
          Map.entry("move-abandoned.1", new MailboxChange.MoveAbandoned(OPERATION)),
          Map.entry("recent-taken.1", new MailboxChange.RecentTaken(12)),
          Map.entry("deleted.1", new MailboxChange.Deleted()),
          Map.entry(
              "segment.1", MessageSegment.of(List.of(message(1), message(5), message(70_000)))),
          Map.entry("snapshot-root.1", new SnapshotRoot(state())));

  private static MailboxState state() {
    return new MailboxState(
        new MailboxId(new AccountId("a/b|c@example.com"), 3),
        Stage.OPEN,
        1_790_000_000L,
        500,
        1000,
        490,
        List.of("$Work", "later"),
        MessageTable.EMPTY,
        RecentIds.NONE.plus(OPERATION, 1).plus(CONTENT, 498),
        MailboxState.NO_TRANSFERS.plus(OPERATION, new Transfer(UidSet.of(1, 2), 5, 6, 7, 8)),
        Map.of(CONTENT, new Move(UidSet.of(3, 4), 2)),
        MailboxState.NO_STORES);
  }

  @Test
  void bytesOfEveryVersionAreRead() {
    GoldenFiles.assertAllAreRead("mailbox", serializer, VALUES);
  }

  @Test
  void changesComeBackEqual() throws NotSerializableException {
    for (Map.Entry<String, Object> entry : VALUES.entrySet()) {
      if (entry.getValue() instanceof MailboxChange change) {
        assertThat(serializer.fromBinary(serializer.toBinary(change), entry.getKey()))
            .isEqualTo(change);
      }
    }
  }

  @Test
  void snapshotComesBackWithItsSegments() throws NotSerializableException {
    MailboxState before =
        state().withMessages(MessageTable.of(List.of(message(2), message(3))), 1000);
    SnapshotRoot root =
        (SnapshotRoot) serializer.fromBinary(serializer.toBinary(before.root()), "snapshot-root.1");
    Object segment =
        serializer.fromBinary(serializer.toBinary(before.segments().get(0)), "segment.1");
    MailboxState after = root.withSegments(List.of(segment));
    assertThat(after.view().messages().stream()).containsExactly(message(2), message(3));
    assertThat(after.view().keywords()).isEqualTo(before.keywords());
    assertThat(after.moves()).isEqualTo(before.moves());
    assertThat(after.transfers()).isEqualTo(before.transfers());
    assertThat(after.placed().uid(CONTENT)).hasValue(498);
    assertThat(after.placed().uid(OPERATION)).hasValue(1);
  }

  @Test
  void whatIsNotKnownIsRefused() {
    assertThatThrownBy(() -> serializer.fromBinary(new byte[0], "appended.99"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("appended.99");
    assertThatThrownBy(() -> serializer.fromBinary(new byte[] {(byte) 0xff}, "appended.1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void snapshotHasTheConditionalStores() throws java.io.NotSerializableException {
    MailboxState state =
        MailboxState.absent(new MailboxId(new AccountId("alice@example.com"), 7))
            .remembering(
                OPERATION, new MailboxCommand.Stored(17, UidSet.of(2, 3), OptionalLong.empty()));
    MailboxSerializer serializer = new MailboxSerializer();
    SnapshotRoot read =
        (SnapshotRoot) serializer.fromBinary(serializer.toBinary(state.root()), "snapshot-root.1");
    assertThat(read.state().stores()).isEqualTo(state.stores());
  }
}
