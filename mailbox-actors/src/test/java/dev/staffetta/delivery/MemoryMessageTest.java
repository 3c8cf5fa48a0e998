package dev.staffetta.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.mime.MessageParser;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.ReheadedMessage;
import dev.staffetta.ports.SpooledMessage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is given at once is what the stream gives. */
class MemoryMessageTest {
  private static final ByteString TEXT =
      ByteString.fromString("Return-Path: <a@b.example>\r\nSubject: s\r\n\r\nHi\r\n");

  private final ActorTestKit kit = ActorTestKit.create();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private static SpooledMessage message() {
    return new MemoryMessage(new ContentId(1, 2), MessageParser.parse(TEXT), TEXT, () -> {});
  }

  private ByteString streamed(SpooledMessage message) {
    return message
        .bytes()
        .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), kit.system())
        .toCompletableFuture()
        .join();
  }

  @ParameterizedTest
  @CsvSource({"'', 0", "'DKIM-Signature: v=1\r\n', 0", "'', 28", "'X: y\r\n', 28"})
  void alsoWithAnotherHead(String head, int dropped) {
    SpooledMessage onward =
        new ReheadedMessage(message(), new ContentId(3, 4), ByteString.fromString(head), dropped);
    assertThat(onward.inMemory()).contains(streamed(onward));
    assertThat(onward.inMemory().orElseThrow().size()).isEqualTo((int) onward.size());
  }
}
