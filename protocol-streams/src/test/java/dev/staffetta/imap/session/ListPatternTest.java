package dev.staffetta.imap.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListPatternTest {
  @ParameterizedTest
  @CsvSource({
    "'', *, foo/bar, true",
    "'', %, foo, true",
    "'', %, foo/bar, false",
    "foo/, %, foo/bar, true",
    "foo, %, foobar, true",
    "'', %/%, foo/bar, true",
    "'', %/%, foo/bar/baz, false",
    "'', *a*, foo/bar/baz, true",
    "'', f%/*, foo/bar/baz, true",
    "'', Foo, foo, false",
    "'', inbox, INBOX, true",
    "'', InB*, INBOX, true",
    "'', inbox/%, INBOX/a, true",
    "'', INBOX/A, INBOX/a, false",
    "'', in%, index, true",
    "'', IN%, index, false",
    "'', INBOXES, inboxes, false",
  })
  void matches(String reference, String mailbox, String name, boolean isMeant) {
    assertThat(ListPattern.of(reference, mailbox).matches(name)).isEqualTo(isMeant);
  }

  @Test
  void manyWildcardsTakeNoTime() {
    assertThat(ListPattern.of("", "*a".repeat(1000)).matches("a".repeat(999))).isFalse();
  }

  @Property
  void meansWhatTheExpressionMeans(
      @ForAll @StringLength(max = 8) @CharRange(from = 'a', to = 'b') String first,
      @ForAll @StringLength(max = 8) String wild,
      @ForAll @StringLength(max = 10) String random) {
    String pattern = shape(wild, "ab/*%");
    String name = shape(random, "ab/") + first;
    String regex = pattern.replace("*", ".*").replace("%", "[^/]*");
    assertThat(ListPattern.of("", pattern).matches(name)).isEqualTo(Pattern.matches(regex, name));
  }

  private static String shape(String text, String alphabet) {
    StringBuilder shaped = new StringBuilder();
    text.chars().forEach(c -> shaped.append(alphabet.charAt(c % alphabet.length())));
    return shaped.toString();
  }
}
