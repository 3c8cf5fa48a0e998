package dev.staffetta.delivery;

import dev.staffetta.domain.Destinations;
import dev.staffetta.ports.Envelope;
import dev.staffetta.ports.EnvelopeOptions;
import dev.staffetta.ports.EnvelopeOptions.ForRecipient;
import dev.staffetta.ports.EnvelopeOptions.Notify;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;
import dev.staffetta.ports.ReheadedMessage;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.relay.Outbound;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.util.ByteString;

/**
 * A message on its way to other servers: a mail for each destination domain, and for each alias
 * that leads there.
 *
 * <p>What goes on is not what is placed here: it has no Return-Path (RFC 5321 4.4), and through an
 * alias it has a Delivered-To field with that alias, by which a loop is known. So it has content
 * ids of its own, the same at every attempt.
 */
record OnwardMail(Outbound outbound, SpooledMessage message) {

  /**
   * All mails of a message.
   *
   * @param all remote addresses, and the recipient of the envelope that led to each
   * @throws Refusal if it was forwarded from one of the aliases before
   */
  static List<OnwardMail> of(
      Envelope envelope,
      Destinations all,
      SpooledMessage message,
      MessageStart start,
      SenderRewriting rewriting,
      Instant now) {
    Map<Way, Map<MailAddress, MailAddress>> byWay = new LinkedHashMap<>();
    all.remote()
        .forEach(
            (address, origin) ->
                byWay
                    .computeIfAbsent(Way.of(address, origin), way -> new LinkedHashMap<>())
                    .put(address, origin));
    return byWay.entrySet().stream()
        .map(
            entry ->
                new OnwardMail(
                    outbound(
                        envelope, entry.getKey(), entry.getValue(), all.expanded(), rewriting, now),
                    entry.getKey().message(message, start)))
        .toList();
  }

  /**
   * A destination and how it is come by.
   *
   * @param alias empty: the sender named it
   */
  private record Way(String destination, Optional<MailAddress> alias) {
    static Way of(MailAddress address, MailAddress origin) {
      return new Way(
          address.domain().toLowerCase(Locale.ROOT),
          address.equals(origin) ? Optional.empty() : Optional.of(origin));
    }

    SpooledMessage message(SpooledMessage message, MessageStart start) {
      if (alias.isEmpty()) {
        return new ReheadedMessage(
            message,
            Outbound.contentOf(message.content()),
            ByteString.emptyByteString(),
            start.returnPath());
      }
      String name = alias.get().toString();
      if (start.deliveredTo().contains(name.toLowerCase(Locale.ROOT))) {
        throw new Refusal(
            Refusal.Code.LOOP, "a mail loop: it was forwarded from " + name + " before");
      }
      return new ReheadedMessage(
          message,
          message.content().derived("forward", name),
          ByteString.fromString("Delivered-To: " + name + "\r\n", StandardCharsets.UTF_8),
          start.returnPath());
    }
  }

  private static Outbound outbound(
      Envelope envelope,
      Way way,
      Map<MailAddress, MailAddress> recipients,
      Set<MailAddress> expanded,
      SenderRewriting rewriting,
      Instant now) {
    EnvelopeOptions options = envelope.options();
    Map<MailAddress, ForRecipient> asked = new LinkedHashMap<>();
    recipients.forEach(
        (address, origin) ->
            asked.put(
                address,
                asked(
                    expanded.contains(origin)
                        ? withoutSuccess(options.of(origin))
                        : options.of(origin),
                    address,
                    origin)));
    boolean isForeign =
        way.alias().isPresent()
            && options.submitter().isEmpty()
            && envelope.reversePath().isPresent()
            && !envelope.reversePath().get().domain().equals(way.alias().get().domain());
    Optional<MailAddress> reversePath =
        isForeign
            ? envelope
                .reversePath()
                .map(sender -> rewriting.rewritten(sender, way.alias().get().domain(), now))
            : envelope.reversePath();
    return new Outbound(
        way.destination(),
        reversePath,
        List.copyOf(recipients.keySet()),
        new EnvelopeOptions(
            options.isEightBit(),
            options.isUtf8(),
            options.requiresTls(),
            options.returned(),
            options.envelopeId(),
            options.submitter(),
            asked),
        now);
  }

  /** RFC 3461 5.2.7.3 (b): of an alias with many behind it the sender hears once. */
  private static ForRecipient withoutSuccess(ForRecipient asked) {
    return new ForRecipient(
        asked
            .reports()
            .map(
                reports ->
                    reports.stream()
                        .filter(report -> report != Notify.SUCCESS)
                        .collect(Collectors.toUnmodifiableSet())),
        asked.originalRecipient());
  }

  /** RFC 3461 5.2.7: through an alias the sender's own recipient is told on. */
  private static ForRecipient asked(ForRecipient asked, MailAddress address, MailAddress origin) {
    if (address.equals(origin) || asked.originalRecipient().isPresent()) {
      return asked;
    }
    boolean isAscii = origin.toString().chars().allMatch(c -> c < 0x80);
    return new ForRecipient(
        asked.reports(), Optional.of((isAscii ? "rfc822;" : "utf-8;") + origin));
  }
}
