package dev.staffetta.smtp.client;

import java.util.List;
import java.util.Optional;

/**
 * What a connection's TLS must be.
 *
 * @param names the host may have in its certificate: {@code mail.example.net}, {@code
 *     *.example.net}; used by {@link Check#NAMES} and, for TLSA records of a trust anchor, by
 *     {@link Check#DANE}
 * @param tlsa DNSSEC-validated records (RFC 7672 3)
 * @param policy that asks for it; empty: the session is not counted for reports
 */
public record HopSecurity(
    Mode mode, Check check, List<String> names, List<Tlsa> tlsa, Optional<TlsPolicy> policy) {
  /** TLS where it is offered, with whatever certificate; plain text otherwise (RFC 7435). */
  public static final HopSecurity OPPORTUNISTIC =
      new HopSecurity(Mode.OPPORTUNISTIC, Check.NONE, List.of(), List.of());

  /** Plain text only. */
  public static final HopSecurity PLAIN =
      new HopSecurity(Mode.PLAIN, Check.NONE, List.of(), List.of());

  /** Of a session that is not counted for reports. */
  public HopSecurity(Mode mode, Check check, List<String> names, List<Tlsa> tlsa) {
    this(mode, check, names, tlsa, Optional.empty());
  }

  /** The same, counted under a policy. */
  public HopSecurity countedUnder(TlsPolicy by) {
    return new HopSecurity(mode, check, names, tlsa, Optional.of(by));
  }

  public HopSecurity {
    names = List.copyOf(names);
    tlsa = List.copyOf(tlsa);
  }

  /** When there is TLS. */
  public enum Mode {
    PLAIN,
    /** STARTTLS if offered; if it then fails, the hop may be tried again {@link #PLAIN}. */
    OPPORTUNISTIC,
    /** STARTTLS, or nothing is sent. */
    REQUIRED,
    /** From the first byte on (RFC 8314 3.3). */
    IMPLICIT
  }

  /** What a certificate must be. */
  public enum Check {
    NONE,
    /** Signed by an authority that is trusted, for one of the names (RFC 8461 4.2, RFC 6125). */
    NAMES,
    /** As {@link #NAMES}, but what is wrong is only noted (RFC 8461 5, testing). */
    NAMES_NOTED,
    /** What a TLSA record says (RFC 7672). */
    DANE
  }

  /** A TLSA record (RFC 6698 2.1). Usages 2 (DANE-TA) and 3 (DANE-EE) count (RFC 7672 3.1). */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Tlsa(int usage, int selector, int matchingType, byte[] data) {}
}
