package dev.staffetta.domain;

import dev.staffetta.sharding.EntityMessage;
import java.util.List;

/** All keys of a domain, by selector. They fit into one message: there are few. */
record DomainKeys(List<DomainKey> keys) implements EntityMessage {
  DomainKeys {
    keys = List.copyOf(keys);
  }
}
