package dev.staffetta.imap.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.imap.fetch.FetchItem.BodySection;
import dev.staffetta.imap.fetch.FetchItem.Partial;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FetchItemTest {
  @Test
  void aSectionIsWrittenAsTheResponseNamesIt() {
    assertThat(body(Section.whole())).hasToString("BODY[]");
    assertThat(body(Section.of(List.of(), Section.Text.HEADER))).hasToString("BODY[HEADER]");
    assertThat(body(Section.of(List.of(4, 1), Section.Text.MIME))).hasToString("BODY[4.1.MIME]");
    assertThat(body(Section.of(List.of(4, 2, 2, 1), Section.Text.ALL)))
        .hasToString("BODY[4.2.2.1]");
    assertThat(
            body(
                new Section(
                    List.of(3), Section.Text.HEADER_FIELDS, List.of("DATE", "X Y", "a\"b"))))
        .hasToString("BODY[3.HEADER.FIELDS (DATE \"X Y\" \"a\\\"b\")]");
  }

  @Test
  void aPartialIsNamedByItsOffsetAndPeekNotAtAll() {
    assertThat(new BodySection(Section.whole(), Optional.of(new Partial(0, 2048)), true))
        .hasToString("BODY[]<0>");
  }

  @Test
  void sectionsThatTheGrammarDoesNotKnowCannotBeMade() {
    assertThatThrownBy(() -> Section.of(List.of(), Section.Text.MIME))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Section.of(List.of(1), Section.Text.HEADER_FIELDS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Section.of(List.of(0), Section.Text.ALL))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static BodySection body(Section section) {
    return new BodySection(section, Optional.empty(), false);
  }
}
