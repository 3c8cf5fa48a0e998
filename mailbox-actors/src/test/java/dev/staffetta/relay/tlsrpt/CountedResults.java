package dev.staffetta.relay.tlsrpt;

import java.util.List;

/** What was counted, for tests of other packages to read. */
public final class CountedResults {
  private CountedResults() {}

  /** One kind of failure a line: {@code example.net sts 1 validation-failure mx.example.net}. */
  public static List<String> of(TlsResults results) {
    return results.all().values().stream()
        .flatMap(List::stream)
        .flatMap(
            result ->
                result.failures().entrySet().stream()
                    .map(
                        failure ->
                            "%s %s %d %s %s"
                                .formatted(
                                    result.policy().domain(),
                                    result.policy().type().text(),
                                    failure.getValue(),
                                    failure.getKey().type().text(),
                                    failure.getKey().mxHost())))
        .toList();
  }
}
