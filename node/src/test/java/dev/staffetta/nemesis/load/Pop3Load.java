package dev.staffetta.nemesis.load;

import dev.staffetta.client.Pop3Client;
import dev.staffetta.nemesis.history.Folder;
import dev.staffetta.nemesis.history.Instance;
import dev.staffetta.nemesis.history.Operation.Removal;
import dev.staffetta.nemesis.history.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes messages from an INBOX by POP3: TOP or RETR, DELE, QUIT. */
final class Pop3Load extends LoadClient {
  private static final int MESSAGES_PER_SESSION = 3;

  Pop3Load(String name, List<NodeAddress> nodes, Scene scene, long seed) {
    super(name, nodes, scene, seed);
  }

  private record Marked(Instance instance, String token) {}

  @Override
  void session() throws IOException, InterruptedException {
    String account = scene.anyAccount(dice);
    try (Pop3Client pop3 = new Pop3Client(node.ports().pop3(), Scene.REPLY_DEADLINE)) {
      pop3.login(account, scene.password());
      List<Map.Entry<Integer, String>> there = new ArrayList<>(pop3.uidl().entrySet());
      List<Marked> marked = new ArrayList<>();
      for (int i = 0; i < MESSAGES_PER_SESSION && there.size() > 5; i++) {
        Map.Entry<Integer, String> message = there.remove(dice.nextInt(there.size()));
        mark(pop3, account, message.getKey(), message.getValue()).ifPresent(marked::add);
      }
      quit(pop3, marked);
    }
    scene.pause(200 + dice.nextInt(1_000));
  }

  private Optional<Marked> mark(Pop3Client pop3, String account, int number, String uniqueId)
      throws IOException {
    boolean isWanted = dice.nextBoolean();
    String text =
        new String(
            pop3.text(isWanted ? "RETR " + number : "TOP " + number + " 0"),
            StandardCharsets.ISO_8859_1);
    Optional<String> token = Letter.token(text);
    if (token.isEmpty() || (isWanted && !Letter.isWhole(text))) {
      complain("message " + uniqueId + " of " + account + " is not what was sent: " + token);
      return Optional.empty();
    }
    pop3.ok("DELE " + number);
    long uid = Long.parseLong(uniqueId.substring(uniqueId.indexOf('.') + 1));
    return Optional.of(new Marked(new Instance(new Folder(account, "INBOX"), uid), token.get()));
  }

  /** Only QUIT deletes (RFC 1939 6). */
  private void quit(Pop3Client pop3, List<Marked> marked) throws IOException {
    long began = now();
    try {
      pop3.ok("QUIT");
      record(marked, began, Outcome.DONE);
    } catch (IOException open) {
      record(marked, began, Outcome.UNKNOWN);
      throw open;
    }
  }

  private void record(List<Marked> marked, long began, Outcome outcome) {
    marked.forEach(
        m ->
            scene
                .recorder()
                .add(new Removal(attempt(began, outcome), m.instance(), m.token(), "POP3")));
  }

  @Override
  boolean isTemporary(String reply) {
    return reply.startsWith("-ERR [SYS/TEMP]") || reply.startsWith("-ERR [IN-USE]");
  }
}
