package dev.staffetta.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageDateTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // RFC 5322 appendix A.
        "Fri, 21 Nov 1997 09:55:06 -0600|1997-11-21",
        "Tue, 1 Jul 2003 10:52:37 +0200|2003-07-01",
        "Thu,\t13 Feb 1969 23:32 -0330 (Newfoundland Time)|1969-02-13",
        "21 Nov 97 09:55:06 GMT|1997-11-21",
        "21 Nov 49 09:55:06 GMT|2049-11-21",
        "21 Nov 103 09:55:06 GMT|2003-11-21",
        "Fri, 21 Nov 1997 09(comment):   55  :  06 -0600|1997-11-21",
        "Wed, 17 Jul 1996 23:59:59 -1200|1996-07-17",
        "17-Jul-1996|1996-07-17",
        "Wed Jul 17 02:23:25 1996|1996-07-17",
        "17 July 1996|1996-07-17",
        "Wed, 31 Feb 1996 00:00:00 +0000|",
        "nonsense|",
        "17 1996|",
        "((((|",
      })
  void theDayIsTheOneThatIsWritten(String field, LocalDate day) {
    assertThat(MessageDate.day(field)).isEqualTo(Optional.ofNullable(day));
  }
}
