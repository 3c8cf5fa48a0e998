package dev.staffetta.relay.tlsrpt;

import static dev.staffetta.relay.tlsrpt.Samples.DAY;
import static dev.staffetta.relay.tlsrpt.Samples.EXPIRED;
import static dev.staffetta.relay.tlsrpt.Samples.STS;
import static dev.staffetta.relay.tlsrpt.Samples.WITHOUT_TLS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.smtp.client.TlsPolicy;
import dev.staffetta.system.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsResultsTest {
  private final SetClock clock = Samples.noon();
  private final TlsResults results = TlsResults.gathering(clock);

  @TempDir private Path directory;

  private void day() {
    results.succeeded(STS);
    results.succeeded(STS);
    results.failed(STS, EXPIRED);
    results.failed(STS, WITHOUT_TLS);
    results.failed(STS, EXPIRED);
    results.succeeded(TlsPolicy.none("other.example"));
  }

  @Test
  void sessionsAreCountedByPolicyAndKindOfFailure() {
    day();
    assertThat(results.all().get(DAY))
        .containsExactly(
            new PolicyResults(STS, 2, 3, Map.of(EXPIRED, 2L, WITHOUT_TLS, 1L)),
            new PolicyResults(TlsPolicy.none("other.example"), 1, 0, Map.of()));
  }

  @Test
  void eachDayIsCountedForItself() {
    day();
    clock.pass(Duration.ofHours(12));
    results.succeeded(STS);
    assertThat(results.all().keySet()).containsExactly(DAY, DAY.plusDays(1));
    results.forget(DAY, "example.net");
    assertThat(results.all().get(DAY))
        .extracting(r -> r.policy().domain())
        .containsExactly("other.example");
    assertThat(results.all().get(DAY.plusDays(1))).hasSize(1);
    results.forget(DAY, "other.example");
    assertThat(results.all().keySet()).containsExactly(DAY.plusDays(1));
  }

  @Test
  void thereIsAnEndToWhatIsKept() {
    for (int i = 0; i < TlsResults.MAX_POLICIES + 10; i++) {
      results.succeeded(TlsPolicy.none("d" + i + ".example"));
    }
    results.succeeded(TlsPolicy.none("d0.example"));
    assertThat(results.all().get(DAY)).hasSize(TlsResults.MAX_POLICIES);
    assertThat(results.all().get(DAY).get(0).succeeded()).isEqualTo(2);
    results.forget(DAY, "d0.example");
    for (int i = 0; i < TlsResults.MAX_KINDS + 10; i++) {
      results.failed(STS, new SessionFailure(ResultType.VALIDATION_FAILURE, "mx", "reason " + i));
    }
    PolicyResults failed = results.all().get(DAY).get(TlsResults.MAX_POLICIES - 1);
    assertThat(failed.failed()).isEqualTo(TlsResults.MAX_KINDS + 10);
    assertThat(failed.failures()).hasSize(TlsResults.MAX_KINDS);
  }

  @Test
  void whatIsOffCountsNothing() {
    TlsResults none = TlsResults.none();
    none.succeeded(STS);
    none.failed(STS, EXPIRED);
    assertThat(none.all()).isEmpty();
  }

  @Test
  void aRestartGoesOnWhereTheFileEnds() throws Exception {
    Path path = directory.resolve("tls-results.json");
    day();
    new ResultsFile(path).write(results);
    // A crash in the middle of the next writing leaves this behind.
    Files.writeString(directory.resolve("tls-results.json.new"), "{\"repor");
    TlsResults after = TlsResults.gathering(clock);
    new ResultsFile(path).readInto(after);
    assertThat(after.all()).isEqualTo(results.all());
    assertThat(after.reporter()).isEqualTo(results.reporter());
    after.failed(STS, EXPIRED);
    assertThat(after.all().get(DAY).get(0).failures()).containsEntry(EXPIRED, 3L);
    new ResultsFile(path).write(after);
    TlsResults last = TlsResults.gathering(clock);
    new ResultsFile(path).readInto(last);
    assertThat(last.all()).isEqualTo(after.all());
  }

  @Test
  void aFileThatIsNoneIsNotHalfRead() throws Exception {
    Path path = directory.resolve("tls-results.json");
    new ResultsFile(path).readInto(results);
    day();
    new ResultsFile(path).write(results);
    String good = Files.readString(path);
    for (String bad :
        List.of(
            "",
            "[]",
            good.substring(0, good.length() - 10),
            good.replace("CERTIFICATE_EXPIRED", "X"),
            good.replaceAll("(.*)2026-11-24", "$1yesterday"))) {
      Files.writeString(path, bad);
      TlsResults fresh = TlsResults.gathering(clock);
      assertThatThrownBy(() -> new ResultsFile(path).readInto(fresh))
          .as(bad)
          .isInstanceOf(IOException.class);
      assertThat(fresh.all()).as(bad).isEmpty();
    }
  }
}
