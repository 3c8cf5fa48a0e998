package dev.staffetta.smtp.client;

import dev.staffetta.smtp.client.RecipientOutcome.Result;
import dev.staffetta.smtp.client.RecipientOutcome.Scope;
import java.util.Optional;
import java.util.OptionalLong;

/** What a server can be known not to take, before anything of the message is said. */
final class Admission {
  private Admission() {}

  /** Whether the message has to be read to know. */
  static boolean needsScan(OutgoingMail mail, Extensions offered) {
    return !offered.hasEightBit() || (mail.options().isUtf8() && !offered.hasUtf8());
  }

  /** The transaction, where recipients that cannot be served are decided already. */
  static Transaction check(ClientState state, OutgoingMail mail, ContentScan content) {
    Transaction transaction = Transaction.of(mail);
    Optional<RemoteReply> refusal = refusal(state, mail, content);
    if (refusal.isPresent()) {
      return transaction.decideRest(Result.PERMANENT, refusal.get(), Scope.MESSAGE, false);
    }
    for (int i = 0; i < transaction.size(); i++) {
      if (!CommandGrammar.isValid(transaction.recipient(i))) {
        transaction =
            transaction.decide(
                i,
                Result.PERMANENT,
                ours("5.1.3", "the recipient's address cannot be written in SMTP"),
                Scope.RECIPIENT,
                false);
      } else if (!CommandGrammar.isAscii(transaction.recipient(i)) && !state.offered().hasUtf8()) {
        transaction =
            transaction.decide(
                i,
                Result.PERMANENT,
                ours(
                    "5.6.7",
                    "the recipient's address is not of ASCII, and the server does not offer"
                        + " SMTPUTF8"),
                Scope.RECIPIENT,
                false);
      }
    }
    return transaction;
  }

  private static Optional<RemoteReply> refusal(
      ClientState state, OutgoingMail mail, ContentScan content) {
    Extensions offered = state.offered();
    OptionalLong maxSize = offered.maxSize();
    if (mail.options().requiresTls() && !(offered.hasRequireTls() && state.isTls())) {
      // RFC 8689 4.2.1.
      return Optional.of(
          ours(
              "5.7.30",
              "the sender requires TLS all the way (REQUIRETLS), and the server does not offer"
                  + " that"));
    }
    if (maxSize.isPresent() && mail.size() > maxSize.getAsLong()) {
      return Optional.of(
          ours(
              "5.3.4",
              "the message is of "
                  + mail.size()
                  + " octets, and the server takes "
                  + maxSize.getAsLong()
                  + " at most"));
    }
    if (!mail.reversePath().map(CommandGrammar::isValid).orElse(true)) {
      return Optional.of(ours("5.1.7", "the sender's address cannot be written in SMTP"));
    }
    if (!offered.hasUtf8() && !mail.reversePath().map(CommandGrammar::isAscii).orElse(true)) {
      return Optional.of(
          ours(
              "5.6.7",
              "the sender's address is not of ASCII, and the server does not offer SMTPUTF8"));
    }
    if (!offered.hasUtf8() && mail.options().isUtf8() && !content.isHeaderAscii()) {
      return Optional.of(
          ours(
              "5.6.7",
              "the message's header is not of ASCII, and the server does not offer SMTPUTF8"));
    }
    if (!offered.hasEightBit() && !(content.isHeaderAscii() && content.isBodyAscii())) {
      return Optional.of(
          ours(
              "5.6.3",
              "the message has characters that are not of ASCII, the server does not offer"
                  + " 8BITMIME, and they cannot be encoded: "
                  + content.obstacle().orElse("its header is not of ASCII")));
    }
    return Optional.empty();
  }

  private static RemoteReply ours(String status, String text) {
    return new RemoteReply(0, status, text);
  }
}
