package dev.staffetta.smtp.sink;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/**
 * What a sink says and does. Every method changes this script and returns it; once the sink runs,
 * it may still be changed, for the connections that come then.
 *
 * <pre>{@code
 * new SinkScript().recipient("bob@example.net", "550 5.1.1 no such user").onData("552 too much")
 * }</pre>
 *
 * An answer is one or more lines divided by LF, or {@link #DROP}, {@link #SILENCE} or {@link
 * #SWALLOW}, and {@link #STALL} may stand behind it.
 */
public final class SinkScript {
  /** In place of an answer: the connection is reset. */
  public static final String DROP = "drop";

  /** In place of an answer: none, ever. */
  public static final String SILENCE = "silence";

  /** After an answer, as in {@code "354 go" + STALL}: nothing more is read or said. */
  public static final String STALL = "\u0000stall";

  /** In place of an answer: none, but for the next command there is one. */
  public static final String SWALLOW = "swallow";

  /** After an answer: nothing more is said, and what comes is thrown away. */
  public static final String CLOSE = "\u0000close";

  /** What TLS is like. */
  public enum Tls {
    /** Not offered. */
    NONE,
    /** With STARTTLS. */
    STARTTLS,
    /** From the first byte. */
    IMPLICIT,
    /** STARTTLS is offered, and what follows 220 is no TLS. */
    BROKEN,
    /** STARTTLS is offered, and nothing comes after 220. */
    SILENT,
    /** STARTTLS is offered, and refused. */
    REFUSED,
    /** As STARTTLS, of version 1.2 only. */
    OLD,
    /** As OLD, and once it is on the handshake is asked for again. */
    RENEGOTIATED,
    /** As STARTTLS, with a plain-text answer right behind 220. */
    INJECTED
  }

  final Map<String, String> answers = new ConcurrentHashMap<>();
  final Map<String, String> recipients = new ConcurrentHashMap<>();
  final List<String> extensions = new ArrayList<>();
  volatile Tls tls = Tls.NONE;
  volatile int earlyAfter = Integer.MAX_VALUE;
  volatile String early = "";
  volatile Optional<SinkCertificate> certificate = Optional.empty();
  volatile boolean isLmtp;
  volatile Duration drip = Duration.ZERO;
  volatile BiFunction<Integer, String, Optional<String>> other =
      (connection, command) -> Optional.empty();
  private final Map<String, AtomicInteger> greylisted = new ConcurrentHashMap<>();

  /** Takes everything, and offers PIPELINING, 8BITMIME, SIZE, ENHANCEDSTATUSCODES. */
  public SinkScript() {
    offer("PIPELINING", "8BITMIME", "SIZE 10000000", "ENHANCEDSTATUSCODES");
  }

  /** Offers these instead. */
  public SinkScript offer(String... keywords) {
    synchronized (extensions) {
      extensions.clear();
      extensions.addAll(Arrays.asList(keywords));
    }
    return this;
  }

  /**
   * Answers a command so: {@code greeting}, {@code EHLO}, {@code MAIL}, {@code DATA}, {@code BDAT},
   * {@code RSET}, {@code AUTH}, {@code QUIT} ...; {@code end}: the end of the message.
   */
  public SinkScript on(String command, String answer) {
    answers.put(command, answer);
    return this;
  }

  /** Answers so when so many octets of a message came, and does not wait for its end. */
  public SinkScript early(int octets, String answer) {
    early = answer;
    earlyAfter = octets;
    return this;
  }

  /** Answers the end of the message so. */
  public SinkScript onEnd(String answer) {
    return on("end", answer);
  }

  /** Answers RCPT for this address so; by LMTP, after {@code end:}, the end of the message. */
  public SinkScript recipient(String address, String answer) {
    recipients.put(address, answer);
    return this;
  }

  /** Answers 450 to the first {@code times} RCPT of any one address. */
  public SinkScript greylist(int times) {
    BiFunction<Integer, String, Optional<String>> before = other;
    other =
        (connection, command) ->
            command.startsWith("RCPT")
                    && greylisted
                            .computeIfAbsent(command, c -> new AtomicInteger())
                            .getAndIncrement()
                        < times
                ? Optional.of("450 4.7.1 greylisted, come back later")
                : before.apply(connection, command);
    return this;
  }

  /**
   * Answers by the how-manieth connection (from 1) and the whole command line; empty: as the rest
   * of the script says.
   */
  public SinkScript when(BiFunction<Integer, String, Optional<String>> answer) {
    other = answer;
    return this;
  }

  /** TLS with a certificate. */
  public SinkScript tls(Tls kind, SinkCertificate with) {
    tls = kind;
    certificate = Optional.of(with);
    return this;
  }

  /** Speaks LMTP. */
  public SinkScript lmtp() {
    isLmtp = true;
    return this;
  }

  /** Writes one octet at a time, with this pause between. */
  public SinkScript drip(Duration pause) {
    drip = pause;
    return this;
  }

  /** Its lines for EHLO. */
  List<String> offered() {
    synchronized (extensions) {
      return List.copyOf(extensions);
    }
  }
}
