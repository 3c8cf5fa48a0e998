package dev.staffetta.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class SummaryFormatTest {
  private static final String MESSAGE =
      """
      From: A <a@b>
      To: g:c@d;
      Subject: \u00e9
      Date: x
      Message-ID: <1>
      Content-Type: multipart/mixed; boundary=b

      --b
      Content-Type: message/rfc822
      Content-Language: en

      Subject: in

      hi
      --b
      Content-Disposition: inline; filename=f
      Content-Transfer-Encoding: base64

      QQ==
      --b--
      """
          .replace("\n", "\r\n");

  /** What version 1 wrote. This text never changes: stored mail must be read for ever. */
  private static final String VERSION_1 =
      "0801109c021a250a01781201e91a090a01411a016122016232031a016732061a016322016432"
          + "0052033c313e222a106e18ae01200d2a096d756c74697061727432056d697865643a0d0a0862"
          + "6f756e646172791201627802222408731036181120032a076d65737361676532067266633832"
          + "326a02656e8201041202696e221e08a901100f180220013a130a076368617273657412087573"
          + "2d6173636969223f08c101104e180420013a130a0763686172736574120875732d6173636969"
          + "520662617365363462170a06696e6c696e65120d0a0866696c656e616d65120166";

  @Test
  void readsWhatVersionOneWrote() {
    byte[] stored = HexFormat.of().parseHex(VERSION_1);
    assertThat(MessageSummary.fromBytes(stored)).isEqualTo(parse(MESSAGE));
  }

  @Test
  void isSmall() {
    assertThat(parse(MESSAGE).toBytes().length).isLessThan(250);
  }

  @Test
  void isNotReadFromNothing() {
    assertThatThrownBy(() -> MessageSummary.fromBytes(new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void damagedBytesAreRefusedOrReadButNeverMore(@ForAll int cut, @ForAll byte changed) {
    byte[] stored = parse(MESSAGE).toBytes();
    int at = Math.floorMod(cut, stored.length);
    byte[] shorter = Arrays.copyOf(stored, at);
    stored[at] = changed;
    for (byte[] damaged : new byte[][] {shorter, stored}) {
      try {
        assertThat(MessageSummary.fromBytes(damaged)).isNotNull();
      } catch (IllegalArgumentException refused) {
        assertThat(refused).hasMessageContaining("summary");
      }
    }
  }

  private static MessageSummary parse(String message) {
    return MessageParser.parse(ByteString.fromArray(message.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
