package dev.staffetta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateNamesTest {
  @ParameterizedTest
  @CsvSource({
    "mx.example.net, mx.example.net, true",
    "MX.Example.net, mx.example.NET., true",
    "*.example.net, mx.example.net, true",
    "*.example.net, example.net, false",
    "*.example.net, a.mx.example.net, false",
    "mx.example.net, *.example.net, true",
    "a.mx.example.net, *.example.net, false",
    "*.example.net, *.example.net, true",
    "*.net, example.net, false",
    "m*.example.net, mx.example.net, false",
    "mx.example.net.evil.org, mx.example.net, false"
  })
  void matchesByLabel(String presented, String wanted, boolean isMatch) {
    assertThat(CertificateNames.matches(presented, wanted)).isEqualTo(isMatch);
  }
}
