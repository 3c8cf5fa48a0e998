package dev.staffetta.relay.route;

import java.util.List;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/** What DNS says of a name and a type of records. */
sealed interface DnsAnswer {
  /** Whether it was validated, by a server that is trusted or here (DNSSEC). */
  boolean isSecure();

  /**
   * There are some.
   *
   * @param canonical the name that has them, behind all CNAME records
   * @param records at least one
   */
  record Found(Name canonical, List<Record> records, boolean isSecure) implements DnsAnswer {
    public Found {
      records = List.copyOf(records);
    }

    /** The records as what they are. */
    <R extends Record> List<R> as(Class<R> type) {
      return records.stream().filter(type::isInstance).map(type::cast).toList();
    }
  }

  /**
   * There are none.
   *
   * @param isNoSuchName of no type either (NXDOMAIN)
   */
  record Nothing(boolean isNoSuchName, boolean isSecure) implements DnsAnswer {}

  /** Nobody can say now. */
  record Failed(String why) implements DnsAnswer {
    @Override
    public boolean isSecure() {
      return false;
    }
  }
}
