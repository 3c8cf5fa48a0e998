package dev.staffetta.store;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/** Small stores for tests. */
public final class Stores {
  private Stores() {}

  /** The defaults, with HOCON lines over them. */
  public static StoreSettings settings(String... lines) {
    return StoreSettings.from(
        ConfigFactory.parseString(String.join("\n", lines))
            .withFallback(ConfigFactory.parseString("partitions = 2, disk.refuse-below-bytes = 0"))
            .withFallback(ConfigFactory.parseString("disk.stop-below-bytes = 0"))
            .withFallback(ConfigFactory.defaultReference().getConfig("staffetta.store")));
  }

  /** A store to be opened, with two partitions. */
  public static StoreBuilder at(Path directory, String... lines) {
    return Store.at(directory, settings(lines), ForkJoinPool.commonPool());
  }

  /** Waits for a stage, at most half a minute. */
  public static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Takes a key's value away from a store's own replica only, which must be idle. */
  public static void loseHere(Store store, byte[] key) {
    LevelStore level = store.partition(0).replica().orElseThrow().stateMachine().level();
    LevelChanges changes = level.newChanges();
    changes.delete(key);
    level.apply(level.applied().orElseThrow(), changes);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The pairs of a range as {@code key=value}. */
  static List<String> pairs(Reader reader, KeyRange range) {
    List<String> found = new ArrayList<>();
    try (Scan scan = reader.scan(range)) {
      scan.forEachRemaining(p -> found.add(text(p.key()) + "=" + text(p.value())));
    }
    return found;
  }
}
