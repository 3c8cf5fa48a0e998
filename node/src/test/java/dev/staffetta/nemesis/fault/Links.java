package dev.staffetta.nemesis.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ways between nodes, each in its own hands. Node K is known as {@code nodeK} and listens on
 * 127.0.0.1; each other node J has a hosts file of its own that has 127.1.J.K for it, where a relay
 * listens on the same ports. So every connection is known by its two ends, and each direction can
 * be cut: what is sent then is neither lost nor refused but does not arrive, as on a wire that was
 * pulled.
 */
final class Links implements AutoCloseable {
  /** From one node to another: from, or to, its port. */
  private record Direction(int from, int to, int port) {}

  /** A connection through a relay, and whose it is. */
  private record Relayed(Direction direction, Socket near, Socket far) {}

  private final Set<Direction> cut = new HashSet<>();
  private final Collection<Relayed> connections = new ArrayList<>();
  private final List<ServerSocket> relays = new ArrayList<>();
  private boolean isClosed;

  /** The address by which one node knows another. */
  static InetAddress address(int from, int to) throws UnknownHostException {
    return InetAddress.getByAddress(
        from == to ? new byte[] {127, 0, 0, 1} : new byte[] {127, 1, (byte) from, (byte) to});
  }

  /** Lays the way from one node to another's port. */
  void lay(int from, int to, int port) throws IOException {
    ServerSocket relay = new ServerSocket();
    relay.setReuseAddress(true);
    relay.bind(new InetSocketAddress(address(from, to), port));
    relays.add(relay);
    start("relay-" + from + "-" + to, () -> accept(relay, new Direction(from, to, port)));
  }

  private void accept(ServerSocket relay, Direction direction) {
    while (true) {
      try {
        Socket near = relay.accept();
        start("relay", () -> connect(near, direction));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(Socket near, Direction direction) {
    Direction back = back(direction);
    try (near;
        Socket far = new Socket()) {
      Relayed relayed = new Relayed(direction, near, far);
      add(relayed);
      try {
        awaitWay(direction);
        awaitWay(back);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        far.connect(
            new InetSocketAddress(address(direction.to(), direction.to()), direction.port()),
            5_000);
        Thread forth = start("relay", () -> pump(near, far, direction));
        pump(far, near, back);
        forth.join();
      } finally {
        remove(relayed);
      }
    } catch (IOException ended) {
      // As between any two processes: the other end sees it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pump(Socket from, Socket to, Direction direction) {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitWay(direction);
        out.write(buffer, 0, read);
      }
      awaitWay(direction);
    } catch (IOException ended) {
      // Closed below.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close(from);
    close(to);
  }

  private synchronized void awaitWay(Direction direction) throws InterruptedException {
    while (cut.contains(direction) && !isClosed) {
      wait();
    }
  }

  private synchronized void add(Relayed relayed) {
    connections.add(relayed);
  }

  private synchronized void remove(Relayed relayed) {
    connections.remove(relayed);
  }

  /** From now on nothing comes from one to the other on connections to a port. */
  synchronized void cut(int from, int to, int port) {
    cut.add(new Direction(from, to, port));
  }

  private static Direction back(Direction direction) {
    return new Direction(direction.to(), direction.from(), direction.port());
  }

  /**
   * All ways are open again.
   *
   * @param forgets whether the connections that were cut are broken, so that what was on its way is
   *     lost, as after a time that TCP does not survive
   */
  synchronized void heal(boolean forgets) {
    if (forgets) {
      for (Relayed relayed : List.copyOf(connections)) {
        Direction d = relayed.direction();
        if (cut.contains(d) || cut.contains(back(d))) {
          close(relayed.near());
          close(relayed.far());
        }
      }
    }
    cut.clear();
    notifyAll();
  }

  private static Thread start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // It is closed.
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    notifyAll();
    for (ServerSocket relay : relays) {
      try {
        relay.close();
      } catch (IOException gone) {
        // It is closed.
      }
    }
    connections.forEach(
        relayed -> {
          close(relayed.near());
          close(relayed.far());
        });
  }
}
