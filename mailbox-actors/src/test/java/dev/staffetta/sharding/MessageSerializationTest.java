package dev.staffetta.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.account.AccountCommand;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxStatus;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageSegment;
import dev.staffetta.ports.Refusal;
import dev.staffetta.system.TwoSystems;
import java.io.IOException;
import java.io.NotSerializableException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.apache.pekko.serialization.Serializers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Every message that may cross between nodes has a form of its own, and comes back as it was. */
class MessageSerializationTest {
  private static final int SAMPLES = 8;

  private static final TwoSystems SYSTEMS = new TwoSystems();
  private static final Serialization SERIALIZATION = SerializationExtension.get(SYSTEMS.here());

  @AfterAll
  static void stop() {
    SYSTEMS.close();
  }

  /** Found by looking at every class that was compiled, so that no new one is forgotten. */
  static List<Class<?>> messages() throws IOException, URISyntaxException {
    Path root =
        Path.of(EntityMessage.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<?>> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root.resolve("dev/staffetta"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
        String name = root.relativize(file).toString().replace('/', '.');
        if (name.contains(".proto.") || name.endsWith("package-info.class")) {
          continue;
        }
        Class<?> type = load(name.substring(0, name.length() - ".class".length()));
        if (EntityMessage.class.isAssignableFrom(type)
            && !EntityMessage.ToItself.class.isAssignableFrom(type)
            && !type.isInterface()) {
          found.add(type);
        }
      }
    }
    return found;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, MessageSerializationTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyMessageComesBackAsItWas() throws Exception {
    List<Class<?>> messages = messages();
    assertThat(messages).hasSizeGreaterThan(50);
    TestProbe<Object> probe = TestProbe.create(SYSTEMS.here());
    for (Class<?> type : messages) {
      assertThat(type.isRecord()).as(type + " is a record, or ToItself").isTrue();
      for (int seed = 0; seed < SAMPLES; seed++) {
        assertComesBack(new MessageSamples(seed, probe.getRef()).of(type));
      }
    }
  }

  private static Object assertComesBack(Object message) throws NotSerializableException {
    Serializer serializer = SERIALIZATION.findSerializerFor(message);
    assertThat(serializer.identifier()).as(message.getClass().toString()).isGreaterThan(1000);
    byte[] bytes = serializer.toBinary(message);
    Object read =
        SERIALIZATION
            .deserialize(
                bytes, serializer.identifier(), Serializers.manifestFor(serializer, message))
            .get();
    assertThat(read)
        .usingRecursiveComparison()
        .withEqualsForType(Object::equals, ActorRef.class)
        .withEqualsForType(MessageSerializationTest::areEqual, MessageSegment.class)
        .isEqualTo(message);
    return read;
  }

  private static boolean areEqual(MessageSegment a, MessageSegment b) {
    return rows(a).equals(rows(b));
  }

  private static List<Message> rows(MessageSegment segment) {
    return java.util.stream.IntStream.range(0, segment.size()).mapToObj(segment::get).toList();
  }

  @Test
  void everyKindOfAnswerComesBack() throws Exception {
    List<Object> values =
        List.of(
            Done.getInstance(),
            true,
            false,
            5L,
            "text",
            OptionalLong.of(3),
            OptionalLong.empty(),
            new Mailboxes.Appended(1, 2, 3),
            new MailboxStatus(1, 2, 3, 4, 5, 6, 7),
            MailboxId.inboxOf(new dev.staffetta.ports.AccountId("a@example.com")));
    for (Object value : values) {
      assertComesBack(Answer.done(value));
    }
    for (Refusal.Code code : MessageSamples.codes()) {
      assertComesBack(new Answer.Refused<>(code, "because"));
    }
  }

  @Test
  void aFormThatIsNotKnownIsNamed() {
    SerializerWithStringManifest serializer =
        (SerializerWithStringManifest)
            SERIALIZATION.findSerializerFor(new AccountCommand.GetTree(SYSTEMS.here().ignoreRef()));
    assertThatThrownBy(() -> serializer.fromBinary(new byte[0], "get-tree.99"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("'get-tree.99' is not of this version");
    assertThatThrownBy(() -> serializer.fromBinary(new byte[] {1, 2, 3}, "get-tree.1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void messagesAndTheActorsTheyNameArriveOnTheOtherNode() {
    TestProbe<AccountCommand> account = TestProbe.create(SYSTEMS.there());
    TestProbe<Answer<OptionalLong>> asker = TestProbe.create(SYSTEMS.here());
    SYSTEMS.fromHere(account.getRef()).tell(new AccountCommand.FindMailbox(7, asker.getRef()));
    AccountCommand.FindMailbox arrived =
        account.expectMessageClass(AccountCommand.FindMailbox.class);
    assertThat(arrived.number()).isEqualTo(7);
    assertThat(ParcelKeeper.isHere(arrived.replyTo())).isFalse();
    arrived.replyTo().tell(Answer.done(OptionalLong.of(5)));
    assertThat(asker.receiveMessage().orRefuse()).hasValue(5);
    assertThat(ParcelKeeper.isHere(asker.getRef())).isTrue();
  }
}
