package dev.staffetta.sharding;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.NotSerializableException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Writes values as protobuf messages. The manifest names the value and the version of its form, as
 * in {@code appended.1}. A form that has been released is read for ever: where the message must
 * change its meaning, a form with the next number is added as the one to write, and the old one
 * stays to be read.
 */
public abstract class VersionedSerializer extends SerializerWithStringManifest {
  private final int identifier;
  private final Map<Class<?>, Form<?, ?>> byClass = new LinkedHashMap<>();
  private final Map<String, Form<?, ?>> byManifest = new LinkedHashMap<>();

  /**
   * @param identifier written beside the bytes: never to be changed
   */
  protected VersionedSerializer(int identifier) {
    this.identifier = identifier;
  }

  /** How one class is written and read. */
  private record Form<T, P extends MessageLite>(
      String manifest, Class<T> type, Function<T, P> write, Parser<P> parser, Function<P, T> read) {
    byte[] bytes(Object value) {
      return write.apply(type.cast(value)).toByteArray();
    }

    T value(byte[] bytes) throws InvalidProtocolBufferException {
      return read.apply(parser.parseFrom(bytes));
    }
  }

  /** Adds a form; of two for one class the later is written. */
  protected final <T, P extends MessageLite> void form(
      String manifest, Class<T> type, Function<T, P> write, Parser<P> parser, Function<P, T> read) {
    Form<T, P> form = new Form<>(manifest, type, write, parser, read);
    byClass.put(type, form);
    byManifest.put(manifest, form);
  }

  /** All that it reads. */
  final Set<String> manifests() {
    return Set.copyOf(byManifest.keySet());
  }

  @Override
  public final int identifier() {
    return identifier;
  }

  @Override
  public final String manifest(Object value) {
    return form(value).manifest();
  }

  @Override
  public final byte[] toBinary(Object value) {
    return form(value).bytes(value);
  }

  @Override
  public final Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    Form<?, ?> form = byManifest.get(manifest);
    if (form == null) {
      throw new NotSerializableException(
          "'" + manifest + "' is not of this version, which knows " + byManifest.keySet());
    }
    try {
      return form.value(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("the bytes of '" + manifest + "' are damaged", e);
    }
  }

  private Form<?, ?> form(Object value) {
    Form<?, ?> form = byClass.get(value.getClass());
    if (form == null) {
      throw new IllegalArgumentException(
          getClass().getSimpleName() + " does not write " + value.getClass());
    }
    return form;
  }
}
