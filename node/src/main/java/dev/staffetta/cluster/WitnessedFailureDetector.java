package dev.staffetta.cluster;

import com.typesafe.config.Config;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.Address;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.remote.PhiAccrualFailureDetector;

/**
 * Pekko's failure detector, that also believes a witness: a node whose machine says that its
 * process is gone is unreachable from then on. Without that a member that was given up stays in the
 * cluster until the missing heartbeats have been noticed too.
 *
 * <p>Pekko makes one for each node it watches, by the name of this class in the configuration.
 */
public final class WitnessedFailureDetector extends PhiAccrualFailureDetector {
  /** By address, as Pekko writes them; what one of this process's nodes saw is true for all. */
  private static final Set<String> GONE = ConcurrentHashMap.newKeySet();

  private volatile String address = "";

  /** As Pekko wants it. */
  public WitnessedFailureDetector(Config config, EventStream events) {
    super(config, events);
  }

  /** The process at an address is gone. */
  static void gone(Address address) {
    GONE.add(address.toString());
  }

  /** It begins to watch a node: whatever was there before, this is another. */
  @Override
  public void setAddress(String watched) {
    super.setAddress(watched);
    GONE.remove(watched);
    address = watched;
  }

  @Override
  public boolean isAvailable() {
    return !GONE.contains(address) && super.isAvailable();
  }
}
