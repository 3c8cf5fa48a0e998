package dev.staffetta.relay;

import dev.staffetta.smtp.client.Hop;
import dev.staffetta.smtp.client.MailTransport;
import dev.staffetta.smtp.client.OutgoingMail;
import dev.staffetta.smtp.client.RecipientOutcome;
import dev.staffetta.smtp.client.RecipientOutcome.Result;
import dev.staffetta.smtp.client.RecipientOutcome.Scope;
import dev.staffetta.smtp.client.RemoteReply;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Servers that take every message, and say so when the test lets them. */
final class HeldServers implements MailTransport, MailTransport.Channel {
  /** What came, with the answer that is held back. */
  final List<Held> held = new CopyOnWriteArrayList<>();

  record Held(OutgoingMail mail, CompletableFuture<List<RecipientOutcome>> answer) {
    void take() {
      answer.complete(
          mail.recipients().stream()
              .map(
                  recipient ->
                      new RecipientOutcome(
                          recipient,
                          Result.DELIVERED,
                          new RemoteReply(250, "2.0.0", "taken"),
                          Scope.RECIPIENT,
                          false))
              .toList());
    }
  }

  @Override
  public CompletionStage<Channel> open(Hop hop) {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public CompletionStage<List<RecipientOutcome>> send(OutgoingMail mail) {
    Held one = new Held(mail, new CompletableFuture<>());
    held.add(one);
    return one.answer();
  }

  @Override
  public boolean isUsable() {
    return true;
  }

  @Override
  public Optional<String> tls() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
