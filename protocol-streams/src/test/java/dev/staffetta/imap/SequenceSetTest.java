package dev.staffetta.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import java.time.Instant;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceSetTest {
  /** The first two are the examples of RFC 9051 9, sequence-set and seq-range. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2,4:7,9,12:*|2,4:7,9,12:*",
        "4:2|2:4",
        "*|*",
        "*:4|4:*",
        "1,2,3|1:3",
        "5,1:2,3:4|1:5",
        "3:10,5:*|3:*",
        "4294967295|4294967295",
      })
  void readsWhatTheGrammarAllowsAndMerges(String text, String canonical) {
    assertThat(SequenceSet.parse(text)).map(SequenceSet::toString).contains(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "1,",
        ",1",
        "1:",
        ":1",
        "1:2:3",
        "a",
        "-1",
        "01",
        "4294967296",
        "1 2",
        "**"
      })
  void refusesWhatTheGrammarDoesNotAllow(String text) {
    assertThat(SequenceSet.parse(text)).isEmpty();
  }

  /** RFC 9051 9: with 15 messages "2,4:7,9,12:*" is "2,4,5,6,7,9,12,13,14,15". */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2,4:7,9,12:*|15|2,4:7,9,12:15",
        "*:4,5:7|10|4:10",
        "20:*|15|15",
        "*|15|15",
        "20,*|15|15,20",
        "1:*|0|''",
      })
  void starIsTheLargestInUse(String text, long largest, String resolved) {
    assertThat(SequenceSet.parse(text).orElseThrow().resolve(largest)).hasToString(resolved);
  }

  @Test
  void namesUidsOrSequenceNumbersOfATable() {
    MessageTable table = tableWithUids(10, 20, 30);
    assertThat(SequenceSet.parse("2:*").orElseThrow().sequenceNumbers(table)).containsExactly(2, 3);
    assertThat(SequenceSet.parse("15:25,99:*").orElseThrow().sequenceNumbersOfUids(table))
        .containsExactly(2, 3);
    assertThat(SequenceSet.parse("1:*").orElseThrow().uids(table))
        .isEqualTo(new UidSet(java.util.List.of(new UidSet.Range(1, 30))));
    assertThat(SequenceSet.parse("1:*").orElseThrow().sequenceNumbers(MessageTable.EMPTY))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1:3,false", "'1,*',false", "4,true", "2:4,true", "4:*,true", "4294967295,true"})
  void tellsWhenANumberHasNoMessage(String text, boolean exceeds) {
    assertThat(SequenceSet.parse(text).orElseThrow().exceeds(tableWithUids(10, 20, 30)))
        .isEqualTo(exceeds);
  }

  private static MessageTable tableWithUids(long... uids) {
    return MessageTable.of(
        LongStream.of(uids)
            .mapToObj(u -> new Message(u, 0, 1, 100, Instant.EPOCH, new ContentId(0, u)))
            .toList());
  }
}
