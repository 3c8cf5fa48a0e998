package dev.staffetta.relay.route;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DNSSEC.DNSSECException;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Signs what a {@link ZoneServer} answers: a chain of zones from a root of its own down (RFC 4033),
 * with a key each. That something is not there it proves with a record for just that name (RFC
 * 4470).
 */
final class ZoneSigner {
  private static final int ZONE_KEY = DNSKEYRecord.Flags.ZONE_KEY | DNSKEYRecord.Flags.SEP_KEY;
  private static final long TTL = 300;

  /** What is wrong with the signatures of a name. */
  enum Flaw {
    FORGED,
    EXPIRED,
    MISSING
  }

  private record Zone(DNSKEYRecord key, PrivateKey secret) {}

  private final Map<Name, Zone> zones = new ConcurrentHashMap<>();
  private final Set<Name> unsigned = ConcurrentHashMap.newKeySet();
  private final Map<Name, Flaw> flaws = new ConcurrentHashMap<>();

  ZoneSigner(String... names) {
    add(Name.root);
    for (String name : names) {
      add(Name.fromConstantString(name + "."));
    }
  }

  /** The root's, for {@code staffetta.relay.dns.trust-anchors}. */
  String anchor() {
    return ". " + ds(Name.root).rdataToString();
  }

  /** Below a signed zone, one that is not; the zone above says so. */
  ZoneSigner unsigned(String name) {
    unsigned.add(Name.fromConstantString(name + "."));
    return this;
  }

  /** From now on something is wrong with all that is said of a name. */
  void spoil(String name, Flaw flaw) {
    flaws.put(Name.fromConstantString(name + "."), flaw);
  }

  private void add(Name name) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      zones.put(
          name,
          new Zone(
              new DNSKEYRecord(
                  name,
                  DClass.IN,
                  TTL,
                  ZONE_KEY,
                  DNSKEYRecord.Protocol.DNSSEC,
                  DNSSEC.Algorithm.ECDSAP256SHA256,
                  pair.getPublic()),
              pair.getPrivate()));
    } catch (GeneralSecurityException | DNSSECException e) {
      throw new IllegalStateException(e);
    }
  }

  private DSRecord ds(Name zone) {
    return new DSRecord(zone, DClass.IN, TTL, DNSSEC.Digest.SHA256, zones.get(zone).key());
  }

  /** The keys, and the digests of keys, that it adds to what the server has. */
  List<Record> own(Name name, int type) {
    if (!zones.containsKey(name)) {
      return List.of();
    }
    return switch (type) {
      case Type.DNSKEY -> List.of(zones.get(name).key());
      case Type.DS -> name.equals(Name.root) ? List.of() : List.of(ds(name));
      default -> List.of();
    };
  }

  /** The signed zone that has a name's records of a type; empty: it is in none. */
  Optional<Name> zoneOf(Name name, int type) {
    Optional<Name> above = Optional.empty();
    for (int labels = name.labels(); labels >= 1; labels--) {
      Name zone = new Name(name, name.labels() - labels);
      boolean isOfParent = type == Type.DS && zone.equals(name);
      if (!isOfParent && unsigned.contains(zone)) {
        return Optional.empty();
      }
      if (!isOfParent && zones.containsKey(zone)) {
        above = Optional.of(zone);
        break;
      }
    }
    return above;
  }

  /** That a name has only records of some types. */
  Record denial(Name name, Set<Integer> types) {
    Set<Integer> all = new TreeSet<>(types);
    all.addAll(List.of(Type.RRSIG, Type.NSEC));
    if (unsigned.contains(name)) {
      all.add(Type.NS);
    }
    Name next =
        name.equals(Name.root)
            ? Name.fromConstantString("\\000.")
            : Name.fromConstantString("\\000." + name);
    return new NSECRecord(
        name, DClass.IN, TTL, next, all.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Adds the signatures to an answer. */
  void sign(Message answer) {
    for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
      Set<String> done = new HashSet<>();
      for (Record record : new ArrayList<>(answer.getSection(section))) {
        if (record.getType() != Type.RRSIG && done.add(record.getName() + " " + record.getType())) {
          RRset set = new RRset();
          answer.getSection(section).stream()
              .filter(
                  other ->
                      other.getType() == record.getType()
                          && other.getName().equals(record.getName()))
              .forEach(set::addRR);
          signature(set).ifPresent(signature -> answer.addRecord(signature, section));
        }
      }
    }
  }

  private Optional<Record> signature(RRset set) {
    Optional<Name> zone =
        set.getType() == Type.NSEC && unsigned.contains(set.getName())
            ? zoneOf(set.getName(), Type.DS)
            : zoneOf(set.getName(), set.getType());
    Optional<Flaw> flaw = Optional.ofNullable(flaws.get(set.getName()));
    if (zone.isEmpty() || flaw.filter(Flaw.MISSING::equals).isPresent()) {
      return Optional.empty();
    }
    Zone by = zones.get(zone.get());
    Instant end =
        Instant.now()
            .plus(Duration.ofHours(flaw.filter(Flaw.EXPIRED::equals).isPresent() ? -1 : 1));
    try {
      RRSIGRecord good =
          DNSSEC.sign(set, by.key(), by.secret(), end.minus(Duration.ofHours(3)), end);
      return Optional.of(flaw.filter(Flaw.FORGED::equals).isPresent() ? forged(good) : good);
    } catch (DNSSECException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RRSIGRecord forged(RRSIGRecord good) {
    byte[] signature = good.getSignature().clone();
    signature[10] ^= 1;
    return new RRSIGRecord(
        good.getName(),
        good.getDClass(),
        good.getTTL(),
        good.getTypeCovered(),
        good.getAlgorithm(),
        good.getOrigTTL(),
        good.getExpire(),
        good.getTimeSigned(),
        good.getFootprint(),
        good.getSigner(),
        signature);
  }
}
