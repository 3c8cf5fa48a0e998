package dev.staffetta.domain;

import dev.staffetta.dkim.DkimAlgorithm;
import dev.staffetta.domain.proto.DomainProto;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.sharding.Operations;
import dev.staffetta.sharding.VersionedSerializer;
import java.util.List;
import org.pcollections.TreePMap;

/** Writes changes and snapshots of domains, and of their list, as {@code domain.proto} says. */
public final class DomainSerializer extends VersionedSerializer {
  private static final int IDENTIFIER = 7303;

  /** Made by Pekko. */
  public DomainSerializer() {
    super(IDENTIFIER);
    form(
        "created.1",
        DomainChange.Created.class,
        change -> DomainProto.Created.getDefaultInstance(),
        DomainProto.Created.parser(),
        change -> new DomainChange.Created());
    form(
        "removed.1",
        DomainChange.Removed.class,
        change -> DomainProto.Removed.getDefaultInstance(),
        DomainProto.Removed.parser(),
        change -> new DomainChange.Removed());
    form(
        "account-added.1",
        DomainChange.AccountAdded.class,
        change -> DomainProto.AccountAdded.newBuilder().setLocalPart(change.localPart()).build(),
        DomainProto.AccountAdded.parser(),
        change -> new DomainChange.AccountAdded(change.getLocalPart()));
    form(
        "account-removed.1",
        DomainChange.AccountRemoved.class,
        change -> DomainProto.AccountRemoved.newBuilder().setLocalPart(change.localPart()).build(),
        DomainProto.AccountRemoved.parser(),
        change -> new DomainChange.AccountRemoved(change.getLocalPart()));
    form(
        "alias-added.1",
        DomainChange.AliasAdded.class,
        change -> alias(change.localPart(), change.targets()),
        DomainProto.AliasAdded.parser(),
        change -> new DomainChange.AliasAdded(change.getLocalPart(), targets(change)));
    form(
        "alias-removed.1",
        DomainChange.AliasRemoved.class,
        change -> DomainProto.AliasRemoved.newBuilder().setLocalPart(change.localPart()).build(),
        DomainProto.AliasRemoved.parser(),
        change -> new DomainChange.AliasRemoved(change.getLocalPart()));
    form(
        "dkim-key-added.1",
        DomainChange.DkimKeyAdded.class,
        change -> key(change.key()),
        DomainProto.DkimKey.parser(),
        change -> new DomainChange.DkimKeyAdded(key(change)));
    form(
        "dkim-key-activated.1",
        DomainChange.DkimKeyActivated.class,
        change -> DomainProto.DkimKeyActivated.newBuilder().setSelector(change.selector()).build(),
        DomainProto.DkimKeyActivated.parser(),
        change -> new DomainChange.DkimKeyActivated(change.getSelector()));
    form(
        "dkim-key-removed.1",
        DomainChange.DkimKeyRemoved.class,
        change -> DomainProto.DkimKeyRemoved.newBuilder().setSelector(change.selector()).build(),
        DomainProto.DkimKeyRemoved.parser(),
        change -> new DomainChange.DkimKeyRemoved(change.getSelector()));
    form(
        "operation-done.1",
        DomainChange.OperationDone.class,
        change -> operation(change.operation()),
        DomainProto.OperationDone.parser(),
        change -> new DomainChange.OperationDone(operation(change)));
    form(
        "snapshot.1",
        DomainState.class,
        DomainSerializer::snapshot,
        DomainProto.Snapshot.parser(),
        DomainSerializer::snapshot);
    form(
        "name-added.1",
        DomainNamesChange.Added.class,
        change -> DomainProto.NameAdded.newBuilder().setName(change.name()).build(),
        DomainProto.NameAdded.parser(),
        change -> new DomainNamesChange.Added(change.getName()));
    form(
        "name-removed.1",
        DomainNamesChange.Removed.class,
        change -> DomainProto.NameRemoved.newBuilder().setName(change.name()).build(),
        DomainProto.NameRemoved.parser(),
        change -> new DomainNamesChange.Removed(change.getName()));
    form(
        "names.1",
        DomainNamesChange.Names.class,
        names -> DomainProto.Names.newBuilder().addAllNames(names.byName().keySet()).build(),
        DomainProto.Names.parser(),
        DomainSerializer::names);
  }

  static DomainProto.AliasAdded alias(String localPart, List<MailAddress> targets) {
    DomainProto.AliasAdded.Builder alias =
        DomainProto.AliasAdded.newBuilder().setLocalPart(localPart);
    for (MailAddress target : targets) {
      alias.addTargets(
          DomainProto.Address.newBuilder()
              .setLocalPart(target.localPart())
              .setDomain(target.domain()));
    }
    return alias.build();
  }

  static List<MailAddress> targets(DomainProto.AliasAdded alias) {
    return alias.getTargetsList().stream()
        .map(target -> new MailAddress(target.getLocalPart(), target.getDomain()))
        .toList();
  }

  private static DomainProto.Snapshot snapshot(DomainState state) {
    DomainProto.Snapshot.Builder snapshot =
        DomainProto.Snapshot.newBuilder()
            .setName(state.name())
            .setExists(state.exists())
            .addAllAccounts(state.accounts().keySet());
    state.aliases().forEach((name, targets) -> snapshot.addAliases(alias(name, targets)));
    state.dkimKeys().values().forEach(key -> snapshot.addDkimKeys(key(key)));
    state
        .operations()
        .entries()
        .forEach(entry -> snapshot.addOperations(operation(entry.operation())));
    return snapshot.build();
  }

  private static DomainState snapshot(DomainProto.Snapshot snapshot) {
    TreePMap<String, Boolean> accounts = TreePMap.empty();
    for (String account : snapshot.getAccountsList()) {
      accounts = accounts.plus(account, true);
    }
    TreePMap<String, List<MailAddress>> aliases = TreePMap.empty();
    for (DomainProto.AliasAdded alias : snapshot.getAliasesList()) {
      aliases = aliases.plus(alias.getLocalPart(), targets(alias));
    }
    Operations<Boolean> operations =
        new Operations<>(
            Operations.FEW,
            snapshot.getOperationsList().stream()
                .map(done -> new Operations.Entry<>(operation(done), true))
                .toList());
    TreePMap<String, DomainKey> keys = TreePMap.empty();
    for (DomainProto.DkimKey key : snapshot.getDkimKeysList()) {
      keys = keys.plus(key.getSelector(), key(key));
    }
    return new DomainState(
        snapshot.getName(), snapshot.getExists(), accounts, aliases, keys, operations);
  }

  static DomainProto.DkimKey key(DomainKey key) {
    return DomainProto.DkimKey.newBuilder()
        .setSelector(key.selector())
        .setAlgorithm(key.algorithm().tag())
        .setIsActive(key.isActive())
        .setPrivateKey(key.privateKey())
        .setRecord(key.record())
        .build();
  }

  static DomainKey key(DomainProto.DkimKey key) {
    return new DomainKey(
        key.getSelector(),
        DkimAlgorithm.ofTag(key.getAlgorithm()),
        key.getIsActive(),
        key.getPrivateKey(),
        key.getRecord());
  }

  static DomainProto.OperationDone operation(ContentId operation) {
    return DomainProto.OperationDone.newBuilder()
        .setOperationHigh(operation.high())
        .setOperationLow(operation.low())
        .build();
  }

  static ContentId operation(DomainProto.OperationDone done) {
    return new ContentId(done.getOperationHigh(), done.getOperationLow());
  }

  private static DomainNamesChange.Names names(DomainProto.Names names) {
    TreePMap<String, Boolean> byName = TreePMap.empty();
    for (String name : names.getNamesList()) {
      byName = byName.plus(name, true);
    }
    return new DomainNamesChange.Names(byName);
  }
}
