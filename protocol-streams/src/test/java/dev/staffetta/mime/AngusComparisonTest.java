package dev.staffetta.mime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.mime.generated.MessageShape;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimePart;
import jakarta.mail.internet.ParseException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Properties;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** Our reading of the generated messages against Jakarta Mail's, where both should agree. */
class AngusComparisonTest {
  @Test
  void agreesOnTypesAndBytesOfTheParts() throws Exception {
    int compared = 0;
    for (long seed = 0; seed < MessageShape.COUNT; seed++) {
      ByteString bytes = MessageShape.of(seed).bytes();
      MimeMessage theirs =
          new MimeMessage(
              Session.getInstance(new Properties()), new ByteArrayInputStream(bytes.toArray()));
      compared += compare(seed, bytes, MessageParser.parse(bytes).body(), theirs);
    }
    // Most shapes are comparable to their leaves; see the exceptions below.
    assertThat(compared).isGreaterThan(1000);
  }

  /** The number of leaves compared. */
  private static int compare(long seed, ByteString all, BodyPart ours, MimePart theirs)
      throws Exception {
    if (theirs.getHeader("Content-Type") == null && ours.type().is("message")) {
      // It does not know the default of a digest (RFC 2046 5.1.5).
      return 0;
    }
    String where = "seed " + seed + " at " + ours.headerOffset();
    ContentType type;
    try {
      type = new ContentType(theirs.getContentType());
    } catch (ParseException strict) {
      // It refuses empty parameters and unquoted boundaries that should be quoted.
      return 0;
    }
    assertThat(ours.type().type() + "/" + ours.type().subtype())
        .as(where)
        .isEqualToIgnoringCase(type.getBaseType());
    if (ours.parts().isEmpty()) {
      InputStream raw =
          theirs instanceof MimeMessage m
              ? m.getRawInputStream()
              : ((MimeBodyPart) theirs).getRawInputStream();
      ByteString body =
          all.slice((int) ours.bodyOffset(), (int) (ours.bodyOffset() + ours.bodySize()));
      if (!ours.type().is("multipart")) {
        assertThat(ByteString.fromArray(raw.readAllBytes())).as(where).isEqualTo(body);
      }
      return 1;
    }
    if (!(theirs.getContent() instanceof MimeMultipart multipart)) {
      return 0;
    }
    if (!multipart.isComplete() || multipart.getCount() != ours.parts().size()) {
      // It looks for one boundary at a time, so a missing close delimiter or boundaries that begin
      // alike change what it sees.
      return 0;
    }
    int compared = 0;
    for (int i = 0; i < multipart.getCount(); i++) {
      compared += compare(seed, all, ours.parts().get(i), (MimePart) multipart.getBodyPart(i));
    }
    return compared;
  }
}
