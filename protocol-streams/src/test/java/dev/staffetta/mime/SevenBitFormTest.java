package dev.staffetta.mime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.mime.generated.MessageShape;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** Messages in 7 bits say the same. */
class SevenBitFormTest {
  private static ByteString bytes(String text) {
    return ByteString.fromString(text, StandardCharsets.ISO_8859_1);
  }

  private static SevenBitForm form(ByteString message) {
    EightBitSurvey survey = new EightBitSurvey(MessageParser.parse(message));
    survey.offer(message);
    return survey.finish();
  }

  private static String encoded(String message) {
    SevenBitForm form = form(bytes(message));
    assertThat(form.obstacle()).isEmpty();
    SevenBitEncoder encoder = form.encoder();
    return encoder
        .offer(bytes(message))
        .concat(encoder.finish())
        .decodeString(StandardCharsets.ISO_8859_1);
  }

  private static String obstacle(String message) {
    return form(bytes(message)).obstacle().orElse("");
  }

  private static ByteString inPieces(ByteString message, Random random) {
    EightBitSurvey survey = new EightBitSurvey(MessageParser.parse(message));
    pieces(message, random).forEach(survey::offer);
    SevenBitForm form = survey.finish();
    assertThat(form.obstacle()).isEmpty();
    SevenBitEncoder encoder = form.encoder();
    ByteString all = ByteString.emptyByteString();
    for (ByteString piece : pieces(message, random)) {
      all = all.concat(encoder.offer(piece));
    }
    return all.concat(encoder.finish());
  }

  private static List<ByteString> pieces(ByteString message, Random random) {
    List<ByteString> pieces = new ArrayList<>();
    ByteString rest = message;
    while (rest.nonEmpty()) {
      int size = random.nextBoolean() ? 1 + random.nextInt(4) : 1 + random.nextInt(400);
      pieces.add(rest.take(size).compact());
      rest = rest.drop(size);
    }
    return pieces;
  }

  /** Types and decoded contents, in order. */
  private static List<String> decoded(ByteString message) {
    List<String> leaves = new ArrayList<>();
    collect(message, MessageParser.parse(message).body(), leaves);
    return leaves;
  }

  private static void collect(ByteString message, BodyPart part, List<String> leaves) {
    leaves.add(
        part.type().type()
            + "/"
            + part.type().subtype()
            + " "
            + part.id()
            + " "
            + part.disposition());
    part.parts().forEach(inner -> collect(message, inner, leaves));
    part.message().ifPresent(inner -> collect(message, inner.body(), leaves));
    if (part.contained() instanceof BodyPart.Nothing) {
      byte[] body =
          message
              .slice((int) part.bodyOffset(), (int) (part.bodyOffset() + part.bodySize()))
              .toArray();
      TransferDecoder decoder = TransferDecoder.of(part.encoding());
      ByteArrayOutputStream octets = new ByteArrayOutputStream();
      octets.writeBytes(decoder.decode(body, 0, body.length));
      octets.writeBytes(decoder.finish());
      leaves.add(octets.toString(StandardCharsets.ISO_8859_1));
    }
  }

  private static boolean isSevenBit(ByteString message) {
    for (byte b : message.toArray()) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  @Property(tries = 1000)
  void whatIsDecodedIsTheSame(
      @ForAll @IntRange(min = 0, max = MessageShape.COUNT - 1) int shape, @ForAll long seed) {
    ByteString message =
        bytes(
            MessageShape.of(shape)
                .bytes()
                .decodeString(StandardCharsets.ISO_8859_1)
                .replace("Cc: caf\u00e9", "Cc: cafe"));
    ByteString sent = inPieces(message, new Random(seed));
    assertThat(isSevenBit(sent)).isTrue();
    assertThat(decoded(sent)).isEqualTo(decoded(message));
    if (isSevenBit(message)) {
      assertThat(sent).isEqualTo(message);
    }
  }

  @Property(tries = 300)
  void anyOctetsAreTheSame(@ForAll byte[] body, @ForAll boolean isText, @ForAll long seed) {
    String type = isText ? "text/plain" : "image/png";
    ByteString message =
        bytes("Content-Type: " + type + "\r\n\r\n").concat(ByteString.fromArray(body));
    ByteString sent = inPieces(message, new Random(seed));
    assertThat(isSevenBit(sent)).isTrue();
    assertThat(decoded(sent)).isEqualTo(decoded(message));
    assertThat(sent.decodeString(StandardCharsets.ISO_8859_1).lines())
        .allMatch(line -> isSevenBit(message) || line.length() <= 76);
  }

  @Test
  void mailWithoutMimeBecomesMime() {
    assertThat(encoded("Subject: a\r\n\r\nf\u00fcr dich allein zu lesen\r\n"))
        .isEqualTo(
            """
            Subject: a\r
            MIME-Version: 1.0\r
            Content-Type: text/plain; charset=unknown-8bit\r
            Content-Transfer-Encoding: quoted-printable\r
            \r
            f=FCr dich allein zu lesen\r
            """);
  }

  @Test
  void onlyWhatHasToChangeChanges() {
    String message =
        """
        MIME-Version: 1.0\r
        content-transfer-encoding:\r
         8bit\r
        Content-Type: multipart/mixed; boundary=b\r
        \r
        f\u00fcr alte Programme\r
        --b\r
        Content-Transfer-Encoding: 7bit\r
        \r
        plain = plain \r
        --b\r
        Content-Type: message/rfc822\r
        Content-Transfer-Encoding: 8bit\r
        \r
        Content-Type: text/html\r
        Content-Transfer-Encoding: 8bit\r
        X: y\r
        \r
        -- sch\u00f6n, sch\u00f6ner, am allerallersch\u00f6nsten und noch viel sch\u00f6ner als das \r
        --b\r
        Content-Type: image/png\r
        \r
        \u0089PNG\r
        --b--\r
        """;
    assertThat(encoded(message))
        .isEqualTo(
            """
            MIME-Version: 1.0\r
            Content-Type: multipart/mixed; boundary=b\r
            \r
            f?r alte Programme\r
            --b\r
            Content-Transfer-Encoding: 7bit\r
            \r
            plain = plain \r
            --b\r
            Content-Type: message/rfc822\r
            \r
            Content-Type: text/html\r
            X: y\r
            MIME-Version: 1.0\r
            Content-Transfer-Encoding: quoted-printable\r
            \r
            =2D- sch=F6n, sch=F6ner, am allerallersch=F6nsten und noch viel sch=F6ner a=\r
            ls das=20\r
            --b\r
            Content-Type: image/png\r
            Content-Transfer-Encoding: base64\r
            \r
            iVBORw==\r
            --b--\r
            """);
  }

  @Test
  void anEncodingThatWasNotKeptIsAppliedAgain() {
    assertThat(
            encoded(
                """
                MIME-Version: 1.0\r
                Content-Type: text/plain\r
                Content-Transfer-Encoding: quoted-printable\r
                \r
                a=3Db \u00e9 =\r
                c\r
                """))
        .endsWith("Content-Transfer-Encoding: quoted-printable\r\n\r\na=3Db =E9 c\r\n");
  }

  @Test
  void whatMustNotChangeIsNamed() {
    String signed =
        "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n\u00fc\r\n--b--\r\n";
    assertThat(obstacle(signed)).contains("multipart/signed");
    assertThat(obstacle("Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n" + signed))
        .contains("multipart/signed");
    assertThat(obstacle("Content-Type: message/partial\r\n\r\n\u00fc\r\n"))
        .contains("message/partial");
    assertThat(obstacle("Content-Type: message/rfc822\r\n\r\nSubject: \u00fc\r\n\r\na\r\n"))
        .contains("header");
    assertThat(obstacle("Content-Transfer-Encoding: x-mine\r\n\r\n\u00fc\r\n")).contains("x-mine");
    assertThat(obstacle(signed.replace('\u00fc', 'u'))).isEmpty();
  }

  @Test
  void aSignedPartOfSevenBitsStaysBesideOneThatIsEncoded() {
    String signed = "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nu\r\n--b--\r\n";
    String message =
        "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n"
            + signed
            + "\r\n--c\r\nContent-Type: text/plain\r\n\r\n\u00fcber alle Berge\r\n--c--\r\n";
    assertThat(encoded(message)).contains(signed).contains("=FCber alle Berge");
  }
}
