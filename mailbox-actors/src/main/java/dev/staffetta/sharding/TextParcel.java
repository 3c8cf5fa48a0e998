package dev.staffetta.sharding;

import java.util.ArrayList;
import java.util.List;

/** A list of names as a {@link Parcel}. */
public record TextParcel(List<String> value) implements Parcel<List<String>> {
  /** Names of at most 320 characters fit {@link Parcel#PART_BYTES} many times. */
  private static final int IN_A_PART = 500;

  public TextParcel {
    value = List.copyOf(value);
  }

  @Override
  public Label<List<String>> label() {
    return new TextLabel();
  }

  @Override
  public int parts() {
    return (value.size() + IN_A_PART - 1) / IN_A_PART;
  }

  @Override
  public EntityMessage part(int number) {
    int first = number * IN_A_PART;
    return new Texts(value.subList(first, Math.min(first + IN_A_PART, value.size())));
  }

  /** A stretch of the list. */
  record Texts(List<String> texts) implements EntityMessage {
    Texts {
      texts = List.copyOf(texts);
    }
  }

  /** The whole list comes of its parts. */
  record TextLabel() implements Label<List<String>> {
    @Override
    public List<String> open(List<EntityMessage> parts) {
      List<String> all = new ArrayList<>();
      parts.forEach(part -> all.addAll(((Texts) part).texts()));
      return all;
    }
  }
}
