package dev.staffetta.relay.route;

import dev.staffetta.smtp.client.RemoteReply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;

/**
 * The hosts that take mail for a domain, the preferred first.
 *
 * @param hosts at least one
 * @param isSecure that they are was validated
 */
record MxHosts(List<Mx> hosts, boolean isSecure) {
  /** More are not tried; no domain that means it well has so many. */
  private static final int MAX_HOSTS = 16;

  MxHosts {
    hosts = List.copyOf(hosts);
  }

  /** A host; a lower preference is preferred. */
  record Mx(int preference, Name host) {}

  /** There are none, and why. */
  static final class NoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient RemoteReply reply;

    NoneException(RemoteReply reply) {
      super(reply.toString(), null, false, false);
      this.reply = reply;
    }

    NoneException(String status, String text) {
      this(new RemoteReply(0, status, text));
    }

    RemoteReply reply() {
      return reply;
    }
  }

  /** What the answer to a question for MX records means (RFC 5321 5.1). */
  static MxHosts of(Name domain, DnsAnswer answer, Random random) {
    String name = DnsNames.text(domain);
    if (answer instanceof DnsAnswer.Failed failed) {
      throw new NoneException("4.4.3", "the MX records of " + name + ": " + failed.why());
    }
    if (answer instanceof DnsAnswer.Nothing nothing) {
      if (nothing.isNoSuchName()) {
        throw new NoneException("5.1.2", "the domain " + name + " does not exist");
      }
      return new MxHosts(List.of(new Mx(0, domain)), answer.isSecure());
    }
    List<MXRecord> records = ((DnsAnswer.Found) answer).as(MXRecord.class);
    List<Mx> hosts = new ArrayList<>();
    for (MXRecord record : records) {
      // Beside others, one that names no host is a mistake (RFC 7505 3).
      if (!record.getTarget().equals(Name.root)) {
        hosts.add(new Mx(record.getPriority(), record.getTarget().canonicalize()));
      }
    }
    if (hosts.isEmpty()) {
      throw new NoneException("5.1.10", "the domain " + name + " takes no mail (null MX)");
    }
    // Sorting keeps the random order among equals.
    Collections.shuffle(hosts, random);
    hosts.sort(Comparator.comparingInt(Mx::preference));
    return new MxHosts(hosts.subList(0, Math.min(MAX_HOSTS, hosts.size())), answer.isSecure());
  }
}
