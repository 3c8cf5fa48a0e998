package dev.staffetta.imap.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeedleTest {
  @Property(tries = 3000)
  void aTextInPiecesHoldsWhatTheWholeHolds(
      @ForAll("abc") String wanted, @ForAll("pieces") List<String> pieces) {
    Needle.Search search = new Needle(wanted).search();
    boolean found = wanted.isEmpty();
    for (String piece : pieces) {
      found |= search.offer(CaseFold.fold(piece));
    }
    assertThat(found).isEqualTo(String.join("", pieces).contains(wanted));
  }

  @Provide
  Arbitrary<String> abc() {
    return Arbitraries.strings().withChars('a', 'b', 'c').ofMaxLength(6);
  }

  @Provide
  Arbitrary<List<String>> pieces() {
    return abc().list().ofMaxSize(10);
  }

  @ParameterizedTest
  @CsvSource({
    "STRASSE,strasse",
    "caf\u00e9,CAFE\u0301",
    "\u0130,i\u0307",
    "\u03a3,\u03c2",
    "\uff21,a",
    "\ufb01,FI",
    "\u212b,\u00e5",
    "\ud801\udc00,\ud801\udc28",
    "\u00b5,\u03bc",
    "\u4f60,\u4f60"
  })
  void textsThatDifferInCaseOrCompositionAreTheSame(String one, String other) {
    assertThat(CaseFold.fold(one)).isEqualTo(CaseFold.fold(other));
    assertThat(new Needle(one).isIn("x" + other + "y")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"a,b", "e,\u0301", "\u0131\u0131,ii\u00e4"})
  void otherTextsDiffer(String one, String other) {
    assertThat(CaseFold.fold(one)).isNotEqualTo(CaseFold.fold(other));
  }
}
