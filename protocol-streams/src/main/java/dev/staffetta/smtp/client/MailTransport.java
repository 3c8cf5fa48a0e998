package dev.staffetta.smtp.client;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Opens connections to send mail over. */
public interface MailTransport {
  /**
   * Connects, greets, starts TLS and logs in as the hop says; fails with {@link
   * HopFailedException}, within the time limits of RFC 5321 4.5.3.2.
   */
  CompletionStage<Channel> open(Hop hop);

  /** A connection that is ready for messages. One call at a time. */
  interface Channel {
    /**
     * Sends a message; one outcome a recipient, in their order. Never fails: a connection that is
     * lost is an outcome too.
     */
    CompletionStage<List<RecipientOutcome>> send(OutgoingMail mail);

    /** Whether another message may be sent. */
    boolean isUsable();

    /** Protocol and cipher suite, {@code TLSv1.3 TLS_AES_256_GCM_SHA384}; empty: plain text. */
    Optional<String> tls();

    /**
     * What is wrong with TLS although mail may be sent: there is none, or a certificate that is
     * only noted ({@link HopSecurity.Check#NAMES_NOTED}).
     */
    default Optional<TlsProblem> problem() {
      return Optional.empty();
    }

    /** Says QUIT and closes; may be called at any time, and twice. */
    void close();
  }
}
