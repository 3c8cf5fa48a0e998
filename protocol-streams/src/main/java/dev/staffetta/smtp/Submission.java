package dev.staffetta.smtp;

import dev.staffetta.mime.Address;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.ReheadedMessage;
import dev.staffetta.ports.SpooledMessage;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/**
 * What is done with a whole message of somebody who has an account, before it is delivered: its
 * authors are checked (RFC 6409 6.1), and it is signed for their domain (RFC 6376).
 */
final class Submission {
  private final SmtpService service;

  Submission(SmtpService service) {
    this.service = service;
  }

  /**
   * The message as it is to be delivered; as it is where it comes from another server. Refused with
   * {@link Refusal.Code#NOPERM} if its From names another's address.
   */
  CompletionStage<SpooledMessage> finished(Envelope envelope, SpooledMessage message) {
    Optional<AccountId> account = envelope.options().submitter();
    if (account.isEmpty()) {
      return CompletableFuture.completedStage(message);
    }
    List<Address> authors =
        message.summary().envelope().from().stream()
            .filter(author -> !author.isGroupMark())
            .toList();
    CompletionStage<Void> checked = CompletableFuture.completedStage(null);
    if (!service.settings().submissionFromAnyAuthor()) {
      for (Address author : authors) {
        checked = checked.thenCompose(before -> requireOwn(author, account.get()));
      }
    }
    return checked.thenCompose(
        allowed ->
            authors.isEmpty()
                ? CompletableFuture.completedStage(message)
                : signed(address(authors.get(0)).domain(), envelope, message));
  }

  private CompletionStage<Void> requireOwn(Address author, AccountId account) {
    MailAddress address = address(author);
    return SenderRights.mayUse(address, account, service.directory())
        .thenAccept(
            isOwn -> {
              if (!isOwn) {
                throw new Refusal(
                    Refusal.Code.NOPERM,
                    "From must be an address of your own, or an alias that leads to you, not <"
                        + printable(address)
                        + ">");
              }
            });
  }

  /** In a reply nothing but ASCII may stand, and nothing that ends its line. */
  private static String printable(MailAddress address) {
    String text = address.toString().replaceAll("[^!-~]", "?");
    return text.length() > 200 ? text.substring(0, 200) : text;
  }

  private static MailAddress address(Address author) {
    String host = author.host().orElse("");
    String domain;
    try {
      domain = IDN.toASCII(host);
    } catch (IllegalArgumentException e) {
      domain = host;
    }
    return new MailAddress(author.mailbox().orElse(""), domain.toLowerCase(Locale.ROOT));
  }

  /** The signature stands behind Return-Path, which does not go on and so cannot be signed. */
  private CompletionStage<SpooledMessage> signed(
      String domain, Envelope envelope, SpooledMessage message) {
    ByteString returnPath =
        ByteString.fromString(
            TraceFields.returnPath(envelope.reversePath()), StandardCharsets.UTF_8);
    SpooledMessage sent =
        new ReheadedMessage(
            message, message.content(), ByteString.emptyByteString(), returnPath.size());
    return service
        .signatures()
        .sign(domain, sent.bytes())
        .thenApply(
            signature ->
                signature.isEmpty()
                    ? message
                    : new ReheadedMessage(
                        message,
                        message.content(),
                        returnPath.concat(signature.get()),
                        returnPath.size()));
  }
}
