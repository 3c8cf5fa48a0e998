package dev.staffetta.metrics;

import dev.staffetta.wire.Protocol;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.pekko.util.ByteString;

/**
 * How often each reply code was said to the clients of an SMTP service. There are as many as our
 * sessions know, some twenty.
 */
public final class SmtpReplies {
  private static final int CODES = 1000;

  private final MeterRegistry registry;
  private final String service;

  /** By code, made when it is said for the first time. */
  private final AtomicReferenceArray<Counter> counters = new AtomicReferenceArray<>(CODES);

  /** None yet. */
  public SmtpReplies(String service, MeterRegistry registry) {
    this.registry = registry;
    this.service = service;
  }

  /** The same protocol, counted. */
  public <S, F, I, R, E> Protocol<S, F, I, R, E> counted(Protocol<S, F, I, R, E> protocol) {
    return new MeasuredReplies<>(protocol, this);
  }

  /** A reply, of one line or of several (RFC 5321 4.2.1): its first three octets are the code. */
  void count(ByteString reply) {
    int code = 0;
    for (int i = 0; i < 3; i++) {
      int digit = i < reply.length() ? reply.apply(i) - '0' : -1;
      if (digit < 0 || digit > 9) {
        return;
      }
      code = code * 10 + digit;
    }
    Counter counter = counters.get(code);
    if (counter == null) {
      counter = counter(code);
      counters.set(code, counter);
    }
    counter.increment();
  }

  /** Two threads that make it both get the same one. */
  private Counter counter(int code) {
    return Counter.builder("staffetta.smtp.replies")
        .description("Replies to clients, by code")
        .tag("service", service)
        .tag("code", Integer.toString(code))
        .register(registry);
  }
}
