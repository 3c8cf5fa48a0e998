package dev.staffetta.listen;

import dev.staffetta.config.Service;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What a listener counts of its connections. */
record ConnectionMeters(Counter admitted, Counter refused) {
  static ConnectionMeters of(MeterRegistry registry, Service service) {
    return new ConnectionMeters(
        counter(registry, service, "admitted"), counter(registry, service, "refused"));
  }

  private static Counter counter(MeterRegistry registry, Service service, String result) {
    return Counter.builder("staffetta.connections")
        .description("Connections of clients; refused: there were too many")
        .tag("service", service.key())
        .tag("result", result)
        .register(registry);
  }
}
