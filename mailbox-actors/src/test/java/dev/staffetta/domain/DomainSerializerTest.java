package dev.staffetta.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.dkim.DkimAlgorithm;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.sharding.GoldenFiles;
import java.io.NotSerializableException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class DomainSerializerTest {
  private static final List<MailAddress> TARGETS =
      List.of(new MailAddress("a", "example.com"), new MailAddress("b+c", "example.org"));

  private static final DomainKey KEY =
      new DomainKey("sel", DkimAlgorithm.ED25519_SHA256, true, "cHJpdmF0ZQ==", "v=DKIM1; p=");

  private static final Map<String, Object> VALUES =
      Map.ofEntries(
          Map.entry("created.1", new DomainChange.Created()),
          Map.entry("removed.1", new DomainChange.Removed()),
          Map.entry("account-added.1", new DomainChange.AccountAdded("alice")),
          Map.entry("account-removed.1", new DomainChange.AccountRemoved("bob")),
          Map.entry("alias-added.1", new DomainChange.AliasAdded("all", TARGETS)),
          Map.entry("alias-removed.1", new DomainChange.AliasRemoved("all")),
          Map.entry("dkim-key-added.1", new DomainChange.DkimKeyAdded(KEY)),
          Map.entry("dkim-key-activated.1", new DomainChange.DkimKeyActivated("sel")),
          Map.entry("dkim-key-removed.1", new DomainChange.DkimKeyRemoved("sel")),
          Map.entry("operation-done.1", new DomainChange.OperationDone(new ContentId(3, 4))),
          Map.entry(
              "snapshot.1",
              DomainState.absent("example.com")
                  .withAccount("x")
                  .withAccount("a")
                  .withAlias("all", TARGETS)),
          Map.entry("name-added.1", new DomainNamesChange.Added("example.com")),
          Map.entry("name-removed.1", new DomainNamesChange.Removed("example.com")),
          Map.entry(
              "names.1",
              new DomainNamesChange.Names(
                  TreePMap.<String, Boolean>empty()
                      .plus("b.example", true)
                      .plus("a.example", true))));

  private final DomainSerializer serializer = new DomainSerializer();

  @Test
  void bytesOfEveryVersionAreRead() {
    GoldenFiles.assertAllAreRead("domain", serializer, VALUES);
  }

  @Test
  void allComesBackEqual() throws NotSerializableException {
    for (Map.Entry<String, Object> entry : VALUES.entrySet()) {
      assertThat(serializer.fromBinary(serializer.toBinary(entry.getValue()), entry.getKey()))
          .isEqualTo(entry.getValue());
    }
  }

  @Test
  void snapshotHasTheKeys() throws NotSerializableException {
    DomainState state = DomainState.absent("example.com").withDkimKey(KEY);
    assertThat(serializer.fromBinary(serializer.toBinary(state), "snapshot.1")).isEqualTo(state);
    assertThat(state.toString()).doesNotContain("cHJpdmF0ZQ");
  }

  @Test
  void snapshotHasWhatWasDone() throws NotSerializableException {
    DomainState state = DomainState.absent("example.com").remembering(new ContentId(3, 4));
    assertThat(serializer.fromBinary(serializer.toBinary(state), "snapshot.1")).isEqualTo(state);
  }
}
