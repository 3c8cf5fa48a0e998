package dev.staffetta.relay.route;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A name server on loopback, over UDP and TCP, authoritative for everything: its records are what a
 * test says, and it fails as a test says. Remembers what it was asked.
 */
public final class ZoneServer implements AutoCloseable {
  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final List<Record> records = new CopyOnWriteArrayList<>();
  private final Map<String, Fault> faults = new ConcurrentHashMap<>();
  private final Set<String> validated = ConcurrentHashMap.newKeySet();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile long negativeTtlInSeconds = 60;
  private volatile Optional<ZoneSigner> signer = Optional.empty();

  /** What goes wrong with a name. */
  public enum Fault {
    SERVFAIL,
    REFUSED,
    /** No answer. */
    SILENT,
    /** Over UDP there is nothing but the word that TCP has more. */
    TRUNCATED
  }

  /** A question, and when it came. */
  public record Asked(String name, String type, boolean isTcp, Instant at) {}

  private ZoneServer(DatagramSocket udp, ServerSocket tcp) {
    this.udp = udp;
    this.tcp = tcp;
  }

  /** Starts it on a free port. */
  public static ZoneServer start() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    for (int attempt = 0; attempt < 20; attempt++) {
      try {
        DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, 0));
        try {
          ServerSocket tcp = new ServerSocket(udp.getLocalPort(), 50, loopback);
          ZoneServer server = new ZoneServer(udp, tcp);
          daemon("zone-server-udp", server::serveUdp);
          daemon("zone-server-tcp", server::serveTcp);
          return server;
        } catch (IOException e) {
          // Somebody has the port for TCP; another.
          udp.close();
        }
      } catch (SocketException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new IllegalStateException("no port is free for both UDP and TCP");
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(udp.getLocalAddress(), udp.getLocalPort());
  }

  /** {@code 127.0.0.1:5353}: for {@code staffetta.relay.dns.servers}. */
  public String setting() {
    return udp.getLocalAddress().getHostAddress() + ":" + udp.getLocalPort();
  }

  /** Adds a record: {@code add("example.net", "MX", 300, "10 mx.example.net.")}. */
  public ZoneServer add(String name, String type, long ttlInSeconds, String data) {
    try {
      records.add(
          Record.fromString(
              absolute(name), Type.value(type), DClass.IN, ttlInSeconds, data, Name.root));
      return this;
    } catch (IOException e) {
      throw new IllegalArgumentException(name + " " + type + " " + data, e);
    }
  }

  /** Adds one that holds for five minutes. */
  public ZoneServer add(String name, String type, String data) {
    return add(name, type, 300, data);
  }

  /** Forgets all records of a name and a type. */
  public ZoneServer remove(String name, String type) {
    records.removeIf(
        record -> record.getName().equals(absolute(name)) && record.getType() == Type.value(type));
    return this;
  }

  /** Fails for a name, or for a name and a type: {@code example.net MX}. */
  public ZoneServer fail(String what, Fault fault) {
    faults.put(what.toLowerCase(Locale.ROOT), fault);
    return this;
  }

  /** Works again. */
  public ZoneServer heal(String what) {
    faults.remove(what.toLowerCase(Locale.ROOT));
    return this;
  }

  /** Says that it has validated what it tells of these names, and of all below them. */
  public ZoneServer validated(String... names) {
    validated.addAll(Arrays.asList(names));
    return this;
  }

  /** Signs what it tells of the signer's zones. */
  ZoneServer signedBy(ZoneSigner by) {
    signer = Optional.of(by);
    return this;
  }

  /** How long it holds that a name is not there. */
  public ZoneServer negativeTtl(long seconds) {
    negativeTtlInSeconds = seconds;
    return this;
  }

  /** All questions so far. */
  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  /** How often it was asked for this. */
  public long timesAsked(String name, String type) {
    return asked.stream()
        .filter(question -> question.name().equals(name) && question.type().equals(type))
        .count();
  }

  @Override
  public void close() {
    udp.close();
    try {
      tcp.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serveUdp() {
    byte[] buffer = new byte[4096];
    while (!udp.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        udp.receive(packet);
        byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
        Optional<Message> answer = answer(new Message(bytes), false);
        if (answer.isPresent()) {
          byte[] out = answer.get().toWire(1232);
          udp.send(new DatagramPacket(out, out.length, packet.getSocketAddress()));
        }
      } catch (IOException e) {
        // Closed, or a packet that is no question.
      }
    }
  }

  private void serveTcp() {
    while (!tcp.isClosed()) {
      try {
        Socket socket = tcp.accept();
        daemon("zone-server-connection", () -> serve(socket));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        byte[] bytes = new byte[in.readUnsignedShort()];
        in.readFully(bytes);
        Optional<Message> answer = answer(new Message(bytes), true);
        if (answer.isPresent()) {
          byte[] wire = answer.get().toWire(65_535);
          out.writeShort(wire.length);
          out.write(wire);
          out.flush();
        }
      }
    } catch (IOException e) {
      // The client has had enough.
    }
  }

  private Optional<Message> answer(Message query, boolean isTcp) {
    Record question = query.getQuestion();
    String name = question.getName().toString(true).toLowerCase(Locale.ROOT);
    String type = Type.string(question.getType());
    asked.add(new Asked(name, type, isTcp, Instant.now()));
    Fault fault = faults.getOrDefault(name + " " + type.toLowerCase(Locale.ROOT), faults.get(name));
    if (fault == Fault.SILENT) {
      return Optional.empty();
    }
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.RA);
    answer.addRecord(question, Section.QUESTION);
    if (fault == Fault.SERVFAIL || fault == Fault.REFUSED) {
      answer.getHeader().setRcode(fault == Fault.SERVFAIL ? Rcode.SERVFAIL : Rcode.REFUSED);
    } else if (fault == Fault.TRUNCATED && !isTcp) {
      answer.getHeader().setFlag(Flags.TC);
    } else {
      fill(answer, question);
    }
    return Optional.of(answer);
  }

  private void fill(Message answer, Record question) {
    Name name = question.getName();
    boolean isValidated = isValidated(name);
    for (int aliases = 0; aliases < 20; aliases++) {
      List<Record> found = find(name, question.getType());
      if (!found.isEmpty()) {
        found.forEach(record -> answer.addRecord(record, Section.ANSWER));
        break;
      }
      List<Record> alias = find(name, Type.CNAME);
      if (alias.isEmpty()) {
        nothing(answer, name, question.getType());
        break;
      }
      answer.addRecord(alias.get(0), Section.ANSWER);
      name = ((CNAMERecord) alias.get(0)).getTarget();
      isValidated &= isValidated(name);
    }
    signer.ifPresent(by -> by.sign(answer));
    if (isValidated) {
      answer.getHeader().setFlag(Flags.AD);
    }
  }

  private void nothing(Message answer, Name name, int type) {
    Optional<Name> zone = signer.flatMap(by -> by.zoneOf(name, type));
    if (zone.isPresent()) {
      answer.addRecord(soa(zone.get()), Section.AUTHORITY);
      Set<Integer> types =
          type == Type.DS
              ? Set.of()
              : records.stream()
                  .filter(record -> record.getName().equals(name))
                  .map(Record::getType)
                  .collect(Collectors.toSet());
      answer.addRecord(signer.get().denial(name, types), Section.AUTHORITY);
      return;
    }
    boolean exists = records.stream().anyMatch(record -> record.getName().subdomain(name));
    answer.getHeader().setRcode(exists ? Rcode.NOERROR : Rcode.NXDOMAIN);
    answer.addRecord(soa(Name.root), Section.AUTHORITY);
  }

  private Record soa(Name zone) {
    long ttl = negativeTtlInSeconds;
    return new SOARecord(
        zone, DClass.IN, ttl, absolute("ns"), absolute("admin"), 1, 3600, 600, 86400, ttl);
  }

  private List<Record> find(Name name, int type) {
    List<Record> own = signer.map(by -> by.own(name, type)).orElse(List.of());
    return own.isEmpty()
        ? records.stream()
            .filter(record -> record.getName().equals(name) && record.getType() == type)
            .toList()
        : own;
  }

  private boolean isValidated(Name name) {
    return validated.stream().anyMatch(zone -> name.subdomain(absolute(zone)));
  }

  private static Name absolute(String name) {
    return Name.fromConstantString(name.endsWith(".") ? name : name + ".");
  }
}
