package dev.staffetta.imap.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.imap.fetch.FetchItem.Attribute;
import dev.staffetta.imap.fetch.FetchItem.BodySection;
import dev.staffetta.imap.fetch.FetchItem.Partial;
import dev.staffetta.mime.generated.ExpectedPart;
import dev.staffetta.mime.generated.MessageShape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every part of every generated message, fetched as a client would. */
class FetchShapesTest {
  private final FetchFixture mailbox = new FetchFixture();

  @AfterEach
  void close() {
    mailbox.close();
  }

  @Test
  void everyResponseKeepsToTheGrammarAndStructureMatchesTheParts() throws Exception {
    for (long seed = 0; seed < MessageShape.COUNT; seed++) {
      mailbox.put(MessageShape.of(seed).bytes());
    }
    List<List<Object>> lines =
        ResponseReader.lines(
            mailbox.fetchBytes(Attribute.ENVELOPE, Attribute.BODY, Attribute.BODYSTRUCTURE));
    assertThat(lines).hasSize(MessageShape.COUNT);
    for (int i = 0; i < lines.size(); i++) {
      MessageShape shape = MessageShape.of(i);
      assertThat((List<?>) lines.get(i).get(1)).as(shape.toString()).hasSize(10);
      checkStructure(shape, shape.root(), lines.get(i).get(3), 0);
      checkStructure(shape, shape.root(), lines.get(i).get(5), 4);
    }
  }

  private static void checkStructure(
      MessageShape shape, ExpectedPart expected, Object shown, int extensions) {
    List<?> values = (List<?>) shown;
    if (expected.type().startsWith("multipart/")) {
      List<Object> parts = new ArrayList<>();
      values.stream().takeWhile(v -> v instanceof List).forEach(parts::add);
      assertThat(parts).as(shape.toString()).hasSize(Math.max(1, expected.parts().size()));
      for (int i = 0; i < expected.parts().size(); i++) {
        checkStructure(shape, expected.parts().get(i), parts.get(i), extensions);
      }
      assertThat(values.get(parts.size())).isEqualTo(upper(expected.type().substring(10)));
      assertThat(values).hasSize(parts.size() + 1 + extensions);
      return;
    }
    assertThat(values.get(0) + "/" + values.get(1)).isEqualTo(upper(expected.type()));
    int size = Math.max(0, expected.bodyEnd() - expected.bodyOffset());
    assertThat(values.get(6)).isEqualTo(new ResponseReader.Atom(String.valueOf(size)));
    if (expected.type().equals("message/rfc822")) {
      checkStructure(shape, expected.message().get(0), values.get(8), extensions);
      assertThat(values).hasSize(10 + extensions);
    } else {
      assertThat(values).hasSize((expected.type().startsWith("text/") ? 8 : 7) + extensions);
    }
  }

  private static String upper(String text) {
    return text.toUpperCase(java.util.Locale.ROOT);
  }

  @Test
  void everyPartIsTheBytesThatWerePutThere() throws Exception {
    for (long seed = 0; seed < MessageShape.COUNT; seed += 5) {
      MessageShape shape = MessageShape.of(seed);
      List<BodySection> items = new ArrayList<>();
      List<ByteString> expected = new ArrayList<>();
      items.add(new BodySection(Section.whole(), Optional.empty(), true));
      expected.add(shape.bytes());
      collect(shape, shape.root(), List.of(), items, expected);
      mailbox.put(shape.bytes());
      List<Object> values = fetchLast(items);
      for (int i = 0; i < items.size(); i++) {
        assertThat(values.get(2 * i)).isEqualTo(new ResponseReader.Atom(items.get(i).toString()));
        assertThat(values.get(2 * i + 1))
            .as(shape + " " + items.get(i))
            .isEqualTo(octets(expected.get(i)));
      }
    }
  }

  /** Adds the sections below a message, and what they should be. */
  private static void collect(
      MessageShape shape,
      ExpectedPart message,
      List<Integer> path,
      List<BodySection> items,
      List<ByteString> expected) {
    add(items, expected, path, Section.Text.TEXT, body(shape, message));
    if (message.type().startsWith("multipart/")) {
      collectParts(shape, message, path, items, expected);
    } else {
      collectPart(shape, message, with(path, 1), items, expected);
    }
  }

  private static void collectParts(
      MessageShape shape,
      ExpectedPart multipart,
      List<Integer> path,
      List<BodySection> items,
      List<ByteString> expected) {
    for (int i = 0; i < multipart.parts().size(); i++) {
      collectPart(shape, multipart.parts().get(i), with(path, i + 1), items, expected);
    }
  }

  private static void collectPart(
      MessageShape shape,
      ExpectedPart part,
      List<Integer> path,
      List<BodySection> items,
      List<ByteString> expected) {
    add(items, expected, path, Section.Text.ALL, body(shape, part));
    part.message().forEach(inner -> collect(shape, inner, path, items, expected));
    collectParts(shape, part, path, items, expected);
  }

  private static void add(
      List<BodySection> items,
      List<ByteString> expected,
      List<Integer> path,
      Section.Text text,
      ByteString bytes) {
    items.add(new BodySection(Section.of(path, text), Optional.empty(), true));
    expected.add(bytes);
  }

  private static List<Integer> with(List<Integer> path, int number) {
    List<Integer> longer = new ArrayList<>(path);
    longer.add(number);
    return longer;
  }

  private static ByteString body(MessageShape shape, ExpectedPart part) {
    return shape.bytes().slice(part.bodyOffset(), part.bodyEnd());
  }

  @Test
  void partialsOfAnySizePutTogetherAreTheWhole() throws Exception {
    Random random = new Random(4711);
    for (long seed = 0; seed < MessageShape.COUNT; seed += 20) {
      ByteString bytes = MessageShape.of(seed).bytes();
      mailbox.put(bytes);
      List<BodySection> items = new ArrayList<>();
      long at = 0;
      while (at <= bytes.size()) {
        long length = 1L + random.nextInt(1 + bytes.size() / 3);
        items.add(new BodySection(Section.whole(), Optional.of(new Partial(at, length)), true));
        at += length;
      }
      StringBuilder whole = new StringBuilder();
      List<Object> values = fetchLast(items);
      for (int i = 1; i < values.size(); i += 2) {
        whole.append(values.get(i));
      }
      assertThat(whole.toString()).as("seed " + seed).isEqualTo(octets(bytes));
    }
  }

  /** Items and values of the newest message. */
  private List<Object> fetchLast(List<BodySection> items) throws Exception {
    FetchRequest all = mailbox.request(items.toArray(FetchItem[]::new));
    FetchRequest last =
        new FetchRequest(
            all.account(),
            all.table(),
            List.of(all.table().size()),
            all.items(),
            List.of(),
            FetchRequest.NO_RECENT);
    List<List<Object>> lines = ResponseReader.lines(mailbox.fetchBytes(last));
    assertThat(lines).hasSize(1);
    return lines.get(0);
  }

  private static String octets(ByteString bytes) {
    return new String(bytes.toArray(), StandardCharsets.ISO_8859_1);
  }
}
