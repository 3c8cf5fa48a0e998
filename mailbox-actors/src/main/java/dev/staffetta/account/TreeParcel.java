package dev.staffetta.account;

import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.sharding.EntityMessage;
import dev.staffetta.sharding.Parcel;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A folder tree, some names a part: first those of folders, then subscriptions. */
record TreeParcel(AccountId account, FolderTree value) implements Parcel<FolderTree> {
  /** A name has up to some 1,000 bytes. */
  private static final int NAMES_IN_A_PART = 150;

  @Override
  public Label<FolderTree> label() {
    return new TreeLabel();
  }

  @Override
  public int parts() {
    return partsOf(value.folders().size() + value.subscriptions().size());
  }

  @Override
  public EntityMessage part(int number) {
    int first = number * NAMES_IN_A_PART;
    int folders = value.folders().size();
    NavigableMap<String, FolderTree.Folder> some = new TreeMap<>();
    value.folders().entrySet().stream()
        .skip(first)
        .limit(NAMES_IN_A_PART)
        .forEach(entry -> some.put(entry.getKey(), entry.getValue()));
    NavigableSet<String> subscriptions = new TreeSet<>();
    value.subscriptions().stream()
        .skip(Math.max(0, first - folders))
        .limit(Math.max(0, NAMES_IN_A_PART - some.size()))
        .forEach(subscriptions::add);
    return new TreePart(account, new FolderTree(some, subscriptions));
  }

  private static int partsOf(int names) {
    return (names + NAMES_IN_A_PART - 1) / NAMES_IN_A_PART;
  }

  /** The whole tree comes of its parts. */
  record TreeLabel() implements Label<FolderTree> {
    @Override
    public FolderTree open(List<EntityMessage> parts) {
      NavigableMap<String, FolderTree.Folder> folders = new TreeMap<>();
      NavigableSet<String> subscriptions = new TreeSet<>();
      for (EntityMessage part : parts) {
        folders.putAll(((TreePart) part).some().folders());
        subscriptions.addAll(((TreePart) part).some().subscriptions());
      }
      return new FolderTree(folders, subscriptions);
    }
  }

  /** Some names. */
  record TreePart(AccountId account, FolderTree some) implements EntityMessage {}
}
