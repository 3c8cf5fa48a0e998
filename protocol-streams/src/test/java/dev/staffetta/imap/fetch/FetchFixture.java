package dev.staffetta.imap.fetch;

import dev.staffetta.imap.fetch.FetchItem.BodySection;
import dev.staffetta.imap.fetch.Section.Text;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailboxId;
import dev.staffetta.ports.memory.MemoryMail;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;

/** A mailbox in memory and a renderer over it. */
final class FetchFixture implements AutoCloseable {
  private final ActorSystem system = ActorSystem.create("fetch");
  final MemoryMail mail = new MemoryMail();
  final AccountId alice = mail.addAccount("alice@example.com", "secret");
  final MailboxId inbox = MailboxId.inboxOf(alice);
  final FetchRenderer renderer = new FetchRenderer(mail.contents());
  final List<Integer> missing = new ArrayList<>();

  /** Adds a message; {@code octets} is a char a byte. */
  void put(String octets, String... flags) {
    put(ByteString.fromString(octets, StandardCharsets.ISO_8859_1), flags);
  }

  void put(ByteString bytes, String... flags) {
    mail.put(inbox, bytes, Set.of(flags), Instant.parse("1996-07-17T09:44:25Z"));
  }

  /** The responses to a FETCH of all messages, a char a byte. */
  String fetch(FetchItem... items) throws Exception {
    return new String(fetchBytes(items).toArray(), StandardCharsets.ISO_8859_1);
  }

  ByteString fetchBytes(FetchItem... items) throws Exception {
    return fetchBytes(request(items));
  }

  FetchRequest request(FetchItem... items) {
    var view = mail.view(inbox);
    return new FetchRequest(
        alice,
        view.messages(),
        IntStream.rangeClosed(1, view.messages().size()).boxed().toList(),
        List.of(items),
        view.keywords(),
        FetchRequest.NO_RECENT);
  }

  ByteString fetchBytes(FetchRequest request) throws Exception {
    return renderer
        .responses(request, missing::add)
        .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), system)
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  /** How many chunks a request is answered in. */
  long chunks(FetchRequest request) throws Exception {
    return renderer
        .responses(request, missing::add)
        .runWith(Sink.fold(0L, (n, chunk) -> n + 1), system)
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  /** A section by the name that a client gives it, such as {@code 2.HEADER.FIELDS (subject)}. */
  static BodySection section(String name) {
    List<Integer> part = new ArrayList<>();
    String rest = name;
    while (!rest.isEmpty() && Character.isDigit(rest.charAt(0))) {
      int dot = rest.indexOf('.');
      part.add(Integer.parseInt(dot < 0 ? rest : rest.substring(0, dot)));
      rest = dot < 0 ? "" : rest.substring(dot + 1);
    }
    int space = rest.indexOf(' ');
    String text = space < 0 ? rest : rest.substring(0, space);
    List<String> fields =
        space < 0 ? List.of() : List.of(rest.substring(space + 2, rest.length() - 1).split(" "));
    for (Text candidate : Text.values()) {
      if (candidate.toString().equals(text)) {
        return new BodySection(new Section(part, candidate, fields), Optional.empty(), true);
      }
    }
    throw new IllegalArgumentException(name);
  }

  /** Some header fields of the message itself. */
  static BodySection fields(Text text, String... names) {
    return new BodySection(new Section(List.of(), text, List.of(names)), Optional.empty(), true);
  }

  @Override
  public void close() {
    system.terminate();
  }
}
