package dev.staffetta.admin;

import java.util.function.Supplier;

/**
 * What is read at {@code /metrics}.
 *
 * @param token of those who may read it, and nothing else
 * @param text in Prometheus' format; may block
 */
public record MetricsPage(AdminToken token, Supplier<String> text) {}
