package dev.staffetta.relay.tlsrpt;

import dev.staffetta.config.RelayTlsSettings;
import dev.staffetta.smtp.client.TlsPolicy;
import dev.staffetta.system.SetClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** A day in the life of a domain that publishes a policy. */
final class Samples {
  static final RelayTlsSettings.Report SETTINGS =
      new RelayTlsSettings.Report(
          "Sender Ltd", "tls-questions@sender.example", "tls-reports@sender.example");

  static final LocalDate DAY = LocalDate.of(2026, 11, 24);

  static final TlsPolicy STS =
      new TlsPolicy(
          "example.net",
          TlsPolicy.Type.STS,
          List.of("version: STSv1", "mode: testing", "mx: *.example.net", "max_age: 86400"),
          List.of("*.example.net"));

  static final SessionFailure EXPIRED =
      new SessionFailure(
          ResultType.CERTIFICATE_EXPIRED, "mx1.example.net", "192.0.2.1", "198.51.100.7", "old");

  static final SessionFailure WITHOUT_TLS =
      new SessionFailure(ResultType.STARTTLS_NOT_SUPPORTED, "mx2.example.net", "");

  private Samples() {}

  /** Noon of {@link #DAY}. */
  static SetClock noon() {
    return new SetClock(DAY.atTime(12, 0).toInstant(ZoneOffset.UTC));
  }

  static String unzipped(byte[] bytes) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
