package dev.staffetta.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.staffetta.store.proto.KeyAnswer;
import dev.staffetta.store.proto.KeyQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.ratis.protocol.Message;

/** What the leader is asked for the values of some keys, and what it answers. */
final class KeyQueries {
  /** What fits a frame between nodes with room to spare. */
  private static final int MAX_ANSWER_BYTES = Store.MAX_BATCH_BYTES;

  private KeyQueries() {}

  static Message question(List<byte[]> keys) {
    KeyQuery.Builder query = KeyQuery.newBuilder();
    keys.forEach(key -> query.addKeys(UnsafeByteOperations.unsafeWrap(key)));
    return message(query.build().toByteArray());
  }

  /** Answers from a replica, on an executor that may block; nothing asked, nothing answered. */
  static CompletableFuture<Message> answer(Message question, Reader replica, Executor readers) {
    if (question.getContent().isEmpty()) {
      return CompletableFuture.completedFuture(Message.EMPTY);
    }
    try {
      return CompletableFuture.supplyAsync(() -> answer(question, replica), readers);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Message answer(Message question, Reader replica) {
    KeyAnswer.Builder answer = KeyAnswer.newBuilder();
    long bytes = 0;
    try {
      for (ByteString key :
          KeyQuery.parseFrom(question.getContent().asReadOnlyByteBuffer()).getKeysList()) {
        KeyAnswer.Value.Builder value = KeyAnswer.Value.newBuilder();
        Optional<byte[]> found = replica.get(key.toByteArray());
        found.ifPresent(v -> value.setValue(UnsafeByteOperations.unsafeWrap(v)));
        bytes += found.map(v -> v.length).orElse(0);
        if (bytes > MAX_ANSWER_BYTES) {
          throw new StoreException(
              "more than " + MAX_ANSWER_BYTES + " bytes were asked for at once");
        }
        answer.addValues(value);
      }
    } catch (InvalidProtocolBufferException e) {
      throw new StoreException("a question for keys cannot be read", e);
    }
    return message(answer.build().toByteArray());
  }

  static List<Optional<byte[]>> values(Message answer) {
    try {
      List<Optional<byte[]>> values = new ArrayList<>();
      for (KeyAnswer.Value value :
          KeyAnswer.parseFrom(answer.getContent().asReadOnlyByteBuffer()).getValuesList()) {
        values.add(
            value.hasValue() ? Optional.of(value.getValue().toByteArray()) : Optional.empty());
      }
      return values;
    } catch (InvalidProtocolBufferException e) {
      throw new StoreException("a leader's answer cannot be read", e);
    }
  }

  private static Message message(byte[] bytes) {
    return Message.valueOf(
        org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations.unsafeWrap(bytes));
  }
}
