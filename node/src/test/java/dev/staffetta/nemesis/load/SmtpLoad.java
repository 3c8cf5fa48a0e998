package dev.staffetta.nemesis.load;

import dev.staffetta.client.SmtpClient;
import dev.staffetta.nemesis.history.Folder;
import dev.staffetta.nemesis.history.Operation.Delivery;
import dev.staffetta.nemesis.history.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Delivers by SMTP, to one account or two at a time. */
final class SmtpLoad extends LoadClient {
  private static final int MESSAGES_PER_SESSION = 20;

  SmtpLoad(String name, List<NodeAddress> nodes, Scene scene, long seed) {
    super(name, nodes, scene, seed);
  }

  @Override
  void session() throws IOException, InterruptedException {
    try (SmtpClient smtp = new SmtpClient(node.ports().smtp(), Scene.REPLY_DEADLINE)) {
      for (int i = 0; i < MESSAGES_PER_SESSION && scene.goesOn(); i++) {
        deliver(smtp);
        scene.pause(dice.nextInt(200));
      }
    }
  }

  private void deliver(SmtpClient smtp) throws IOException {
    Letter letter = Letter.random(dice);
    String first = scene.anyAccount(dice);
    String second = dice.nextInt(3) == 0 ? scene.anyAccount(dice) : first;
    List<String> recipients = first.equals(second) ? List.of(first) : List.of(first, second);
    long began = now();
    smtp.begin("load@client.example.net", recipients);
    try {
      smtp.end(letter.bytes());
      record(letter, recipients, began, Outcome.DONE);
    } catch (IOException open) {
      record(letter, recipients, began, Outcome.UNKNOWN);
      throw open;
    }
  }

  private void record(Letter letter, List<String> recipients, long began, Outcome outcome) {
    scene
        .recorder()
        .add(
            new Delivery(
                attempt(began, outcome),
                letter.token(),
                recipients.stream().map(account -> new Folder(account, "INBOX")).toList(),
                Set.of(),
                OptionalLong.empty()));
  }

  @Override
  boolean isTemporary(String reply) {
    return reply.startsWith("4");
  }
}
