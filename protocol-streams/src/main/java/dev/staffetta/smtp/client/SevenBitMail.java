package dev.staffetta.smtp.client;

import dev.staffetta.mime.EightBitSurvey;
import dev.staffetta.mime.MessageParser;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.mime.SevenBitForm;
import dev.staffetta.ports.EnvelopeOptions;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A message encoded in 7 bits for a server without 8BITMIME (RFC 6152 3).
 *
 * <p>It is read once to learn what has to be encoded, once to learn what size and structure that
 * gives, and once to be sent; it is never whole in memory.
 */
final class SevenBitMail {
  private SevenBitMail() {}

  /**
   * The message in 7 bits; or as it was, with the reason why that cannot be.
   *
   * @param bytes of the mail, within the limits of time that hold here
   */
  static CompletionStage<ClientInput.Scanned> of(
      OutgoingMail mail, Source<ByteString, NotUsed> bytes, Materializer materializer) {
    return bytes
        .runWith(Sink.fold(new EightBitSurvey(mail.summary()), SevenBitMail::offer), materializer)
        .thenCompose(
            survey -> {
              SevenBitForm form = survey.finish();
              return form.obstacle().isPresent()
                  ? CompletableFuture.completedStage(
                      new ClientInput.Scanned(mail, new ContentScan(true, false, form.obstacle())))
                  : encoded(bytes, form)
                      .runWith(Sink.fold(new MessageParser(), SevenBitMail::offer), materializer)
                      .thenApply(parser -> scanned(mail, form, parser.finish()));
            });
  }

  private static EightBitSurvey offer(EightBitSurvey survey, ByteString chunk) {
    survey.offer(chunk);
    return survey;
  }

  private static MessageParser offer(MessageParser parser, ByteString chunk) {
    parser.offer(chunk);
    return parser;
  }

  private static ClientInput.Scanned scanned(
      OutgoingMail mail, SevenBitForm form, MessageSummary summary) {
    EnvelopeOptions options = mail.options();
    OutgoingMail encoded =
        new OutgoingMail(
            mail.reversePath(),
            mail.recipients(),
            new EnvelopeOptions(
                false,
                options.isUtf8(),
                options.requiresTls(),
                options.returned(),
                options.envelopeId(),
                options.submitter(),
                options.recipients()),
            summary.size(),
            summary,
            encoded(mail.bytes(), form));
    return new ClientInput.Scanned(encoded, ContentScan.ASCII);
  }

  private static Source<ByteString, NotUsed> encoded(
      Source<ByteString, NotUsed> bytes, SevenBitForm form) {
    return bytes
        .statefulMap(
            form::encoder,
            (encoder, chunk) -> Pair.create(encoder, encoder.offer(chunk)),
            encoder -> Optional.of(encoder.finish()))
        .filter(ByteString::nonEmpty);
  }
}
