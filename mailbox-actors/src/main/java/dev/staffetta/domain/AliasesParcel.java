package dev.staffetta.domain;

import dev.staffetta.ports.Directory;
import dev.staffetta.sharding.EntityMessage;
import dev.staffetta.sharding.Parcel;
import java.util.ArrayList;
import java.util.List;

/** Aliases of a domain, some a part: so many that their targets are not too many. */
final class AliasesParcel implements Parcel<List<Directory.Alias>> {
  private static final int TARGETS_IN_A_PART = 600;

  private final List<Directory.Alias> value;

  /** The index of each part's first alias, and behind the last. */
  private final List<Integer> starts = new ArrayList<>();

  AliasesParcel(List<Directory.Alias> value) {
    this.value = List.copyOf(value);
    int targets = TARGETS_IN_A_PART;
    for (int i = 0; i < value.size(); i++) {
      int more = 1 + value.get(i).targets().size();
      if (targets + more > TARGETS_IN_A_PART) {
        starts.add(i);
        targets = 0;
      }
      targets += more;
    }
    starts.add(value.size());
  }

  @Override
  public List<Directory.Alias> value() {
    return value;
  }

  @Override
  public Label<List<Directory.Alias>> label() {
    return new AliasesLabel();
  }

  @Override
  public int parts() {
    return starts.size() - 1;
  }

  @Override
  public EntityMessage part(int number) {
    return new AliasesPart(value.subList(starts.get(number), starts.get(number + 1)));
  }

  /** The whole list comes of its parts. */
  record AliasesLabel() implements Label<List<Directory.Alias>> {
    @Override
    public List<Directory.Alias> open(List<EntityMessage> parts) {
      List<Directory.Alias> all = new ArrayList<>();
      parts.forEach(part -> all.addAll(((AliasesPart) part).aliases()));
      return all;
    }
  }

  /** Some aliases. */
  record AliasesPart(List<Directory.Alias> aliases) implements EntityMessage {
    AliasesPart {
      aliases = List.copyOf(aliases);
    }
  }
}
