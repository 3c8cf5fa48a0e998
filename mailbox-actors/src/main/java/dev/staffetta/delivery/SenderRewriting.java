package dev.staffetta.delivery;

import dev.staffetta.ports.MailAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Puts senders of mail that goes on to another server under a domain of ours (the Sender Rewriting
 * Scheme): {@code SRS0=hash=day=domain=local-part@ours}. So SPF passes at the next hop, and a
 * bounce comes back here, from where it goes to the first sender. The hash keeps strangers from
 * sending through such addresses, the day from using one for ever.
 *
 * <p>A sender that another server rewrote already, {@code SRS0=x@first}, becomes {@code
 * SRS1=hash=first==x@ours}, and one that a second server did, {@code SRS1=y=first==x@second}, the
 * same: so however often a mail goes on, its sender grows once only, and a bounce goes back to the
 * first server that rewrote it, whose hash and day count.
 */
final class SenderRewriting {
  private static final String PREFIX = "SRS0=";
  private static final String AGAIN = "SRS1=";

  /** What stands behind SRS0 and SRS1: not all write an equals sign. */
  private static final String SEPARATORS = "=+-";

  private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int HASH_LENGTH = 6;

  /** Longer than any server tries to deliver. */
  private static final int VALID_DAYS = 21;

  /** Two digits of base 32 name so many. */
  private static final int DAYS = 1024;

  /** RFC 5321 4.5.3.1.1. */
  private static final int MAX_LOCAL_PART = 64;

  private final String key;

  /**
   * @param key the same on all nodes; empty: nothing is rewritten
   */
  SenderRewriting(String key) {
    this.key = key;
  }

  /** The sender under a domain of ours; as it is if there is no room in a local part for it. */
  MailAddress rewritten(MailAddress sender, String domain, Instant now) {
    if (key.isEmpty()) {
      return sender;
    }
    String day = day(now);
    String localPart =
        rewrittenBefore(sender)
            .map(first -> AGAIN + hash("", first) + "=" + first.domain() + "=" + rest(first))
            .orElseGet(
                () ->
                    PREFIX
                        + hash(day, sender)
                        + "="
                        + day
                        + "="
                        + sender.domain()
                        + "="
                        + sender.localPart());
    boolean fits =
        localPart.getBytes(StandardCharsets.UTF_8).length <= MAX_LOCAL_PART
            && !sender.domain().startsWith("[");
    return fits ? new MailAddress(localPart, domain) : sender;
  }

  /** The address that the first server made of a sender; empty: none did. */
  private static Optional<MailAddress> rewrittenBefore(MailAddress sender) {
    if (isRewritten(sender.localPart(), "SRS0")) {
      return Optional.of(sender);
    }
    return isRewritten(sender.localPart(), "SRS1") ? first(sender) : Optional.empty();
  }

  private static boolean isRewritten(String localPart, String scheme) {
    return localPart.length() > scheme.length()
        && localPart.regionMatches(true, 0, scheme, 0, scheme.length())
        && SEPARATORS.indexOf(localPart.charAt(scheme.length())) >= 0;
  }

  /** With the separator that it begins with. */
  private static String rest(MailAddress first) {
    return first.localPart().substring("SRS0".length());
  }

  /** Of {@code SRS1=hash=first==x}, {@code SRS0=x@first}. */
  private static Optional<MailAddress> first(MailAddress again) {
    String[] parts = again.localPart().substring(AGAIN.length()).split("=", 3);
    boolean isWhole =
        parts.length == 3 && !parts[1].isEmpty() && isRewritten("SRS0" + parts[2], "SRS0");
    return isWhole
        ? Optional.of(new MailAddress("SRS0" + parts[2], parts[1].toLowerCase(Locale.ROOT)))
        : Optional.empty();
  }

  /** Whom an address of ours stands for; empty: it is none that we made of late. */
  Optional<MailAddress> original(MailAddress address, Instant now) {
    if (!key.isEmpty() && isRewritten(address.localPart(), "SRS1")) {
      return first(address)
          .filter(
              first ->
                  isHash(
                      address.localPart().substring(AGAIN.length()).split("=", 2)[0],
                      hash("", first)));
    }
    if (key.isEmpty() || !address.localPart().regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
      return Optional.empty();
    }
    String[] parts = address.localPart().substring(PREFIX.length()).split("=", 4);
    if (parts.length != 4 || parts[2].isEmpty() || parts[3].isEmpty()) {
      return Optional.empty();
    }
    String day = parts[1].toLowerCase(Locale.ROOT);
    MailAddress sender = new MailAddress(parts[3], parts[2].toLowerCase(Locale.ROOT));
    return isHash(parts[0], hash(day, sender)) && isRecent(day, now)
        ? Optional.of(sender)
        : Optional.empty();
  }

  private static boolean isHash(String given, String right) {
    return MessageDigest.isEqual(
        right.getBytes(StandardCharsets.US_ASCII),
        given.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
  }

  private static String day(Instant now) {
    int day = (int) Math.floorMod(TimeUnit.SECONDS.toDays(now.getEpochSecond()), (long) DAYS);
    return "" + DIGITS.charAt(day / 32) + DIGITS.charAt(day % 32);
  }

  private static boolean isRecent(String day, Instant now) {
    for (int ago = -1; ago <= VALID_DAYS; ago++) {
      if (day(now.minusSeconds(TimeUnit.DAYS.toSeconds(ago))).equals(day)) {
        return true;
      }
    }
    return false;
  }

  /** Servers on the way may change the case of letters. */
  private String hash(String day, MailAddress sender) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] hash =
          mac.doFinal(
              (day + "=" + sender).toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
      StringBuilder digits = new StringBuilder();
      for (int i = 0; i < HASH_LENGTH; i++) {
        digits.append(DIGITS.charAt(hash[i] & 31));
      }
      return digits.toString();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
