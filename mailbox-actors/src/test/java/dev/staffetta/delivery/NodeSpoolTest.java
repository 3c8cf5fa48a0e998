package dev.staffetta.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.config.DeliverySettings;
import dev.staffetta.ports.Spool;
import dev.staffetta.ports.SpooledMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeSpoolTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          com.typesafe.config.ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(com.typesafe.config.ConfigFactory.load()));
  private static final ExecutorService BLOCKING = Executors.newFixedThreadPool(2);

  @TempDir private Path directory;
  private NodeSpool spool;

  @BeforeEach
  void open() throws IOException {
    spool = new NodeSpool(directory, new DeliverySettings.Spool(100, 250), BLOCKING);
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
    BLOCKING.shutdown();
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private Spool.Writer write(String... chunks) throws Exception {
    Spool.Writer writer = spool.open();
    for (String chunk : chunks) {
      await(writer.append(ByteString.fromString(chunk)));
    }
    return writer;
  }

  private static String text(SpooledMessage message) throws Exception {
    return await(
            message
                .bytes()
                .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), KIT.system()))
        .utf8String();
  }

  private long files() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void smallMessagesStayInMemory() throws Exception {
    SpooledMessage message = await(write("Subject: x\r\n", "\r\n", "body").finish());
    assertThat(message.size()).isEqualTo(18);
    assertThat(message.summary().size()).isEqualTo(18);
    assertThat(message.summary().headerSize()).isEqualTo(14);
    assertThat(text(message)).isEqualTo("Subject: x\r\n\r\nbody");
    assertThat(text(message)).isEqualTo("Subject: x\r\n\r\nbody");
    assertThat(files()).isZero();
    assertThat(spool.budget().free()).isEqualTo(232);
    message.release();
    message.release();
    assertThat(spool.budget().free()).isEqualTo(250);
  }

  @Test
  void largeMessagesGoToDiskAndAreWhole() throws Exception {
    String half = "x".repeat(60);
    Spool.Writer writer = write(half, half, "end");
    assertThat(writer.size()).isEqualTo(123);
    SpooledMessage message = await(writer.finish());
    assertThat(files()).isEqualTo(1);
    assertThat(text(message)).isEqualTo(half + half + "end");
    assertThat(spool.budget().free()).isEqualTo(250);
    message.release();
    message.release();
    Awaitility.await().until(() -> files() == 0);
  }

  @Test
  void smallMessagesGoToDiskWhenMemoryIsScarce() throws Exception {
    List<Spool.Writer> writers =
        List.of(write("x".repeat(90)), write("x".repeat(90)), write("x".repeat(90)));
    assertThat(spool.budget().free()).isEqualTo(70);
    assertThat(files()).isEqualTo(1);
    SpooledMessage third = await(writers.get(2).finish());
    assertThat(text(third)).isEqualTo("x".repeat(90));
    writers.forEach(Spool.Writer::discard);
    writers.forEach(Spool.Writer::discard);
    Awaitility.await().until(() -> files() == 0);
    assertThat(spool.budget().free()).isEqualTo(250);
  }

  @Test
  void discardedMessageTakesNoMore() throws Exception {
    Spool.Writer writer = write("a");
    writer.discard();
    assertThatThrownBy(() -> await(writer.append(ByteString.fromString("b")))).isNotNull();
    assertThatThrownBy(() -> await(writer.finish())).isNotNull();
    assertThat(spool.budget().free()).isEqualTo(250);
  }

  @Test
  void emptyMessageIsAMessage() throws Exception {
    SpooledMessage message = await(spool.open().finish());
    assertThat(message.size()).isZero();
    assertThat(text(message)).isEmpty();
  }

  @Test
  void leftoversOfACrashAreDeleted() throws Exception {
    await(write("x".repeat(200)).finish());
    assertThat(files()).isEqualTo(1);
    spool = new NodeSpool(directory, new DeliverySettings.Spool(100, 250), BLOCKING);
    assertThat(files()).isZero();
  }

  @Test
  void diskThatCannotBeWrittenFailsTheMessageOnly() throws Exception {
    Files.delete(directory);
    Spool.Writer writer = spool.open();
    assertThatThrownBy(() -> await(writer.append(ByteString.fromString("x".repeat(200)))))
        .hasRootCauseInstanceOf(java.nio.file.NoSuchFileException.class);
    writer.discard();
    assertThat(text(await(write("small").finish()))).isEqualTo("small");
    Files.createDirectory(directory);
  }
}
