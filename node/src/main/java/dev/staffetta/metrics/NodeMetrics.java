package dev.staffetta.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;

/**
 * The metrics of one life of a node. Whoever counts is given the registry; it is no static one, so
 * that two nodes in a process do not count together.
 */
public final class NodeMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  /**
   * Begins with what the JVM and the operating system know.
   *
   * @param version of Staffetta
   * @param directory whose disk is watched
   */
  public NodeMetrics(String version, Path directory) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    collections.bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new DiskSpaceMetrics(directory.toFile()).bindTo(registry);
    Gauge.builder("staffetta.build", () -> 1)
        .description("Always 1; which version runs is its label")
        .tag("version", version)
        .strongReference(true)
        .register(registry);
  }

  /** Where is counted. */
  public MeterRegistry registry() {
    return registry;
  }

  /**
   * The page that is read, in Prometheus' text format 0.0.4. May ask the store: not on a
   * dispatcher.
   */
  public String page() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
