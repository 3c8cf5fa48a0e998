package dev.staffetta.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.MailboxId;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeParcelTest {
  private static final AccountId ALICE = new AccountId("alice@example.com");

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0", "0, 1", "149, 1", "150, 3", "151, 149", "10000, 9000"})
  void aTreeIsTheSameAfterItWasDivided(int folders, int subscriptions) {
    TreeMap<String, FolderTree.Folder> names = new TreeMap<>();
    for (int i = 0; i < folders; i++) {
      Optional<MailboxId> mailbox =
          i % 7 == 0 ? Optional.empty() : Optional.of(new MailboxId(ALICE, i + 1));
      names.put("folder " + i, new FolderTree.Folder(mailbox, Optional.empty()));
    }
    TreeSet<String> subscribed = new TreeSet<>();
    for (int i = 0; i < subscriptions; i++) {
      subscribed.add("subscribed " + i);
    }
    FolderTree tree = new FolderTree(names, subscribed);
    TreeParcel parcel = new TreeParcel(ALICE, tree);
    assertThat(
            parcel.label().open(IntStream.range(0, parcel.parts()).mapToObj(parcel::part).toList()))
        .isEqualTo(tree);
  }
}
