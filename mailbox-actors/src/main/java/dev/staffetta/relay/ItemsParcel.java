package dev.staffetta.relay;

import dev.staffetta.relay.RelayQueueCommand.Items;
import dev.staffetta.sharding.EntityMessage;
import dev.staffetta.sharding.Parcel;
import java.util.ArrayList;
import java.util.List;

/** Items of a queue, as many a part as are not too large together. */
final class ItemsParcel implements Parcel<Items> {
  private final Items value;

  /** The index of each part's first item, and behind the last. */
  private final List<Integer> starts = new ArrayList<>();

  ItemsParcel(List<QueueItem> items) {
    this.value = new Items(items);
    int bytes = PART_BYTES;
    for (int i = 0; i < items.size(); i++) {
      int more = ItemEncoding.write(items.get(i)).getSerializedSize();
      if (bytes + more > PART_BYTES) {
        starts.add(i);
        bytes = 0;
      }
      bytes += more;
    }
    starts.add(items.size());
  }

  @Override
  public Items value() {
    return value;
  }

  @Override
  public Label<Items> label() {
    return new ItemsLabel();
  }

  @Override
  public int parts() {
    return starts.size() - 1;
  }

  @Override
  public EntityMessage part(int number) {
    return new Items(value.items().subList(starts.get(number), starts.get(number + 1)));
  }

  /** The whole list comes of its parts. */
  record ItemsLabel() implements Label<Items> {
    @Override
    public Items open(List<EntityMessage> parts) {
      return new Items(parts.stream().flatMap(part -> ((Items) part).items().stream()).toList());
    }
  }
}
