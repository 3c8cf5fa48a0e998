package dev.staffetta.sharding;

import dev.staffetta.mime.MessageParser;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.placement.NodeRecord;
import dev.staffetta.placement.NodeState;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.FolderTree;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.MailboxEvent;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Mailboxes;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageSegment;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.UidSet;
import dev.staffetta.relay.QueueItems;
import dev.staffetta.store.StorePeer;
import dev.staffetta.store.content.SmallContent;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.util.ByteString;

/**
 * Makes values of any record that is sent between nodes, by its components' types, from a random
 * source. For a type that it does not know it fails: then it has to be taught.
 */
final class MessageSamples {
  private final Random random;
  private final ActorRef<?> actor;

  /** A small content is the one that its command names. */
  private ContentId lastContent = new ContentId(0, 0);

  MessageSamples(long seed, ActorRef<?> actor) {
    this.random = new Random(seed);
    this.actor = actor;
  }

  /** A value of a record class. */
  Object of(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values =
        Arrays.stream(components)
            .map(component -> value(type, component.getGenericType()))
            .toArray();
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new AssertionError("cannot make a " + type + " of " + Arrays.toString(values), e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("cannot make a " + type, e);
    }
  }

  private Object value(Class<?> owner, Type type) {
    if (type instanceof ParameterizedType generic) {
      return generic(owner, generic);
    }
    if (!(type instanceof Class<?> plain)) {
      // The value of an answer.
      return "some text";
    }
    if (plain == long.class || plain == Long.class) {
      return (long) random.nextInt(1_000_000) << random.nextInt(12);
    }
    if (plain == int.class) {
      return random.nextInt(1_000_000);
    }
    if (plain == boolean.class) {
      return random.nextBoolean();
    }
    if (plain == String.class) {
      return "t\u00e9xt" + random.nextInt();
    }
    if (plain == ContentId.class) {
      lastContent = new ContentId(random.nextLong(), random.nextLong());
      return lastContent;
    }
    if (plain.getSimpleName().equals("QueueItem")) {
      return QueueItems.sample(random);
    }
    if (plain.getSimpleName().equals("Size") && plain.isRecord()) {
      return of(plain);
    }
    if (plain == UidSet.class) {
      return uids();
    }
    if (plain == Instant.class) {
      return Instant.ofEpochSecond(random.nextInt());
    }
    if (plain.isEnum()) {
      return plain.getEnumConstants()[random.nextInt(plain.getEnumConstants().length)];
    }
    if (plain == OptionalLong.class) {
      return random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextInt(9));
    }
    if (plain == Mailboxes.Expunge.class) {
      return List.of(
              new Mailboxes.Expunge.AllDeleted(),
              new Mailboxes.Expunge.DeletedAmong(uids()),
              new Mailboxes.Expunge.Exactly(uids()))
          .get(random.nextInt(3));
    }
    if (plain == NodeRecord.class) {
      String node = "node" + random.nextInt();
      return new NodeRecord(
          node,
          random.nextBoolean() ? NodeState.JOINED : NodeState.REMOVING,
          random.nextBoolean(),
          new StorePeer(node, "host", random.nextInt(65_536)));
    }
    if (plain == MailboxView.class) {
      return head();
    }
    if (plain == MailboxEvent.Missed.class) {
      return new MailboxEvent.Missed(
          random.nextInt(1000),
          random.nextInt(1000),
          random.nextInt(1000),
          7,
          List.of("$a"),
          MessageTable.EMPTY,
          random.nextBoolean() ? Optional.empty() : Optional.of(UidSet.EMPTY));
    }
    if (plain == MailboxEvent.Changed.class) {
      return new MailboxEvent.Changed(1, 2, 5, List.of("$a"), rows(), rows(), uids());
    }
    if (plain == SmallContent.class) {
      return small();
    }
    if (plain == FolderTree.class) {
      return tree();
    }
    if (plain == AccountId.class) {
      return new AccountId("alice@example.com");
    }
    if (plain == EntityMessage.class || plain == Parcel.Label.class) {
      return new TextParcel.TextLabel();
    }
    if (plain.isRecord()) {
      return of(plain);
    }
    if (plain.isSealed()) {
      Class<?>[] cases = plain.getPermittedSubclasses();
      return value(owner, cases[random.nextInt(cases.length)]);
    }
    throw new AssertionError(owner + " has a " + type + ", of which there is no sample");
  }

  private Object generic(Class<?> owner, ParameterizedType type) {
    Type argument = type.getActualTypeArguments()[0];
    Class<?> raw = (Class<?>) type.getRawType();
    if (raw == ActorRef.class) {
      return actor;
    }
    if (raw == Optional.class) {
      return random.nextBoolean() ? Optional.empty() : Optional.of(value(owner, argument));
    }
    if (raw == List.class && argument == Message.class) {
      return rows();
    }
    if (raw == List.class && argument == MessageSegment.class) {
      return MessageTable.of(rows()).segments();
    }
    if (raw == List.class && argument == MailAddress.class) {
      return List.of(new MailAddress("a", "example.com"), new MailAddress("b+c", "example.org"));
    }
    if (raw == List.class) {
      return List.of(value(owner, argument), value(owner, argument));
    }
    if (raw == Set.class) {
      return Set.of(value(owner, argument));
    }
    if (raw == Parcel.Label.class) {
      return new TextParcel.TextLabel();
    }
    throw new AssertionError(owner + " has a " + type + ", of which there is no sample");
  }

  private UidSet uids() {
    return UidSet.ofAscending(
        LongStream.range(1, 200).filter(uid -> random.nextInt(4) > 0).map(uid -> uid * 3));
  }

  private List<Message> rows() {
    return LongStream.range(1, random.nextInt(2, 40))
        .mapToObj(
            n ->
                new Message(
                    n * 7,
                    random.nextInt(64),
                    random.nextInt(1_000_000),
                    random.nextInt(1_000_000),
                    Instant.ofEpochSecond(1_700_000_000L + random.nextInt(100_000)),
                    new ContentId(random.nextLong(), random.nextLong())))
        .toList();
  }

  private MailboxView head() {
    return new MailboxView(
        new MailboxId(new AccountId("alice@example.com"), 7),
        5,
        8,
        9,
        List.of("$a", "$b"),
        MessageTable.EMPTY);
  }

  private SmallContent small() {
    byte[] bytes = "Subject: x\r\n\r\nbody\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    MessageParser parser = new MessageParser();
    parser.offer(ByteString.fromArray(bytes));
    MessageSummary summary = parser.finish();
    return new SmallContent(lastContent, summary, ByteString.fromArray(bytes));
  }

  private FolderTree tree() {
    TreeMap<String, FolderTree.Folder> folders = new TreeMap<>();
    folders.put("a", new FolderTree.Folder(Optional.empty(), Optional.empty()));
    folders.put(
        "a/\u00e9",
        new FolderTree.Folder(
            Optional.of(new MailboxId(new AccountId("alice@example.com"), 3)),
            Optional.of(dev.staffetta.ports.SpecialUse.TRASH)));
    return new FolderTree(folders, new TreeSet<>(List.of("INBOX", "gone")));
  }

  /** Every reason there is. */
  static List<Refusal.Code> codes() {
    return List.of(Refusal.Code.values());
  }
}
