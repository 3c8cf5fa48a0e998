package dev.staffetta.journal;

import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Writes version 2 of a {@link Fact}, and reads version 1 too. */
public final class FactSerializer extends SerializerWithStringManifest {
  @Override
  public int identifier() {
    return 987_001;
  }

  @Override
  public String manifest(Object object) {
    return object instanceof Part ? "part" : object instanceof Pages.Cover ? "cover" : "fact-2";
  }

  @Override
  public byte[] toBinary(Object object) {
    String text;
    if (object instanceof Fact fact) {
      text = fact.text();
    } else if (object instanceof Part part) {
      part.written().incrementAndGet();
      text = part.text();
    } else {
      text = ((Pages.Cover) object).title();
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return switch (manifest) {
      case "fact-1" -> new Fact("old " + text);
      case "fact-2" -> new Fact(text);
      case "part" -> new Part(text);
      case "cover" -> new Pages.Cover(text);
      default -> throw new NotSerializableException(manifest);
    };
  }

  static Fact fact(String text) {
    return new Fact(text, List.of(), List.of(), List.of());
  }
}
