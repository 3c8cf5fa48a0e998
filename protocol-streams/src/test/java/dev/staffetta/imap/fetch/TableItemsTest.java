package dev.staffetta.imap.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.imap.fetch.FetchItem.Attribute;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.Message;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableItemsTest {
  private static final Message MESSAGE =
      new Message(
          4827313,
          Flags.SEEN | Flags.DRAFT | Flags.keyword(1),
          624140003,
          44827,
          Instant.parse("1996-07-07T09:04:05Z"),
          new ContentId(1, 2));

  @Test
  void writesEachItemAsTheGrammarHasIt() {
    assertThat(response(FetchRequest.NO_RECENT, Attribute.FLAGS))
        .isEqualTo("* 23 FETCH (FLAGS (\\Seen \\Draft $Forwarded))\r\n");
    assertThat(response(FetchRequest.NO_RECENT, Attribute.UID, Attribute.RFC822_SIZE))
        .isEqualTo("* 23 FETCH (UID 4827313 RFC822.SIZE 44827)\r\n");
    assertThat(response(FetchRequest.NO_RECENT, Attribute.INTERNALDATE))
        .isEqualTo("* 23 FETCH (INTERNALDATE \" 7-Jul-1996 09:04:05 +0000\")\r\n");
    assertThat(response(FetchRequest.NO_RECENT, Attribute.MODSEQ))
        .isEqualTo("* 23 FETCH (MODSEQ (624140003))\r\n");
  }

  @Test
  void recentIsShownFromTheGivenUidOn() {
    assertThat(response(4827313, Attribute.FLAGS))
        .isEqualTo("* 23 FETCH (FLAGS (\\Seen \\Draft \\Recent $Forwarded))\r\n");
    assertThat(response(4827314, Attribute.FLAGS)).doesNotContain("Recent");
  }

  private static String response(long recentFrom, Attribute... items) {
    return FetchRenderer.response(
            23, MESSAGE, List.of(items), List.of("$Junk", "$Forwarded"), recentFrom)
        .utf8String();
  }
}
