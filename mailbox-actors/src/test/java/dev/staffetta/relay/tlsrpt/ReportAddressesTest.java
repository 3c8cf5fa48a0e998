package dev.staffetta.relay.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportAddressesTest {
  private static List<String> of(String... records) {
    return ReportAddresses.of(List.of(records)).stream().map(URI::toString).toList();
  }

  @Test
  void addressesAreReadAsSection3SaysIt() {
    assertThat(of("v=TLSRPTv1; rua=mailto:reports@example.net"))
        .containsExactly("mailto:reports@example.net");
    assertThat(of("v=TLSRPTv1;rua=https://example.net/v1/tlsrpt?a=b , mailto:a@b.example;x=y;"))
        .containsExactly("https://example.net/v1/tlsrpt?a=b", "mailto:a@b.example");
    assertThat(of("some words", "v=TLSRPTv1;rua=mailto:a@b.example", "v=spf1 -all"))
        .containsExactly("mailto:a@b.example");
  }

  @Test
  void twoRecordsAreNone() {
    assertThat(of("v=TLSRPTv1;rua=mailto:a@b.example", "v=TLSRPTv1;rua=mailto:c@b.example"))
        .isEmpty();
    assertThat(of()).isEmpty();
  }

  @Test
  void whatCannotBeSentToIsLeftOut() {
    assertThat(
            of(
                "v=TLSRPTv1;rua=http://example.net/,ftp://example.net/,https:///x,mailto:nobody,"
                    + "mailto:a%0d%0aBcc:b@example.net,mailto:%3Ca@b.example,not a uri,"
                    + "mailto:a@b.example"))
        .containsExactly("mailto:a@b.example");
    assertThat(of("v=TLSRPTv2;rua=mailto:a@b.example")).isEmpty();
    assertThat(of("v=TLSRPTv10;rua=mailto:a@b.example")).isEmpty();
    assertThat(of("v=TLSRPTv1;rua=" + "mailto:a@b.example,".repeat(100))).hasSize(5);
  }
}
