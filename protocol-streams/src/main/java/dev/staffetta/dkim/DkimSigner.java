package dev.staffetta.dkim;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Signs messages as they stream by; holds their header only. */
public final class DkimSigner {
  /** Fields that say who, what, when and in which form; one more than is there is named in h=. */
  private static final List<String> GUARDED =
      List.of(
          "from",
          "to",
          "cc",
          "subject",
          "date",
          "reply-to",
          "message-id",
          "mime-version",
          "content-type",
          "content-transfer-encoding");

  /** Fields that are signed where they are there (RFC 6376 5.4.1). */
  private static final Set<String> SIGNED =
      Set.of(
          "sender",
          "in-reply-to",
          "references",
          "content-id",
          "content-description",
          "resent-date",
          "resent-from",
          "resent-sender",
          "resent-to",
          "resent-cc",
          "resent-message-id",
          "list-id",
          "list-help",
          "list-unsubscribe",
          "list-unsubscribe-post",
          "list-subscribe",
          "list-post",
          "list-owner",
          "list-archive",
          "tls-required",
          "tls-report-domain",
          "tls-report-submitter");

  private static final int LINE_LENGTH = 76;

  private DkimSigner() {}

  /**
   * Signs with each key.
   *
   * @param message with CRLF line ends
   * @return a header field a key, each with its CRLF; empty: the message has no From, or a header
   *     that is too long to be one
   */
  public static CompletionStage<Optional<ByteString>> sign(
      List<SigningKey> keys,
      Instant now,
      Source<ByteString, NotUsed> message,
      Materializer materializer) {
    MessageReader reader = new MessageReader();
    return message
        .runForeach(reader::update, materializer)
        .thenApply(
            done -> {
              byte[] bodyHash = reader.finish();
              return reader.header().flatMap(header -> fields(keys, now, header, bodyHash));
            });
  }

  private static Optional<ByteString> fields(
      List<SigningKey> keys, Instant now, String header, byte[] bodyHash) {
    List<HeaderField> fields = HeaderField.parse(header);
    if (fields.stream().noneMatch(field -> field.name().equals("from"))) {
      return Optional.empty();
    }
    List<String> names = names(fields);
    StringBuilder all = new StringBuilder();
    for (SigningKey key : keys) {
      String unsigned = unsigned(key, now, names, bodyHash);
      byte[] signature =
          key.algorithm().sign(key.privateKey(), signedOctets(fields, names, unsigned));
      all.append("DKIM-Signature:").append(unsigned);
      fold(all, Base64.getEncoder().encodeToString(signature));
      all.append("\r\n");
    }
    return Optional.of(ByteString.fromString(all.toString(), StandardCharsets.ISO_8859_1));
  }

  /** The names of h=: those in the header, and one more of the guarded ones. */
  private static List<String> names(List<HeaderField> fields) {
    List<String> names = new ArrayList<>(GUARDED);
    for (HeaderField field : fields) {
      if (GUARDED.contains(field.name()) || SIGNED.contains(field.name())) {
        names.add(field.name());
      }
    }
    return names;
  }

  /** The field's value with an empty b=. */
  private static String unsigned(SigningKey key, Instant now, List<String> names, byte[] bodyHash) {
    StringBuilder value =
        new StringBuilder()
            .append(" v=1; a=")
            .append(key.algorithm().tag())
            .append("; c=relaxed/relaxed;\r\n d=")
            .append(key.domain())
            .append(";\r\n s=")
            .append(key.selector())
            .append("; t=")
            .append(now.getEpochSecond())
            .append(";\r\n bh=")
            .append(Base64.getEncoder().encodeToString(bodyHash))
            .append(";\r\n h=");
    int column = 3;
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i) + (i + 1 < names.size() ? ":" : ";");
      if (column + name.length() > LINE_LENGTH) {
        value.append("\r\n ");
        column = 1;
      }
      value.append(name);
      column += name.length();
    }
    return value.append("\r\n b=").toString();
  }

  private static void fold(StringBuilder text, String base64) {
    for (int from = 0; from < base64.length(); from += LINE_LENGTH - 4) {
      text.append(from == 0 ? "" : "\r\n ")
          .append(base64, from, Math.min(base64.length(), from + LINE_LENGTH - 4));
    }
  }

  /** What is signed: the fields named, the last of a name first, then the signature's own. */
  static byte[] signedOctets(List<HeaderField> fields, List<String> names, String unsigned) {
    StringBuilder signed = new StringBuilder();
    List<HeaderField> rest = new ArrayList<>(fields);
    for (String name : names) {
      for (int i = rest.size() - 1; i >= 0; i--) {
        if (rest.get(i).name().equals(name)) {
          signed.append(rest.remove(i).relaxed()).append("\r\n");
          break;
        }
      }
    }
    signed.append(new HeaderField("dkim-signature", unsigned).relaxed());
    return signed.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
