package dev.staffetta.exchanger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The server of one domain, on a port of the loopback address, a thread a connection. Opened and
 * closed by one thread.
 */
public final class MailExchanger implements AutoCloseable {
  private static final int BACKLOG = 500;

  private final String domain;
  private final Conduct conduct;
  private final Arrivals arrivals;
  private final int port;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private ServerSocket listener;

  private MailExchanger(String domain, Conduct conduct, Arrivals arrivals) throws IOException {
    this.domain = domain;
    this.conduct = conduct;
    this.arrivals = arrivals;
    this.listener = listen(0);
    this.port = listener.getLocalPort();
    accept(listener);
  }

  /** Opens on a port that the system chooses. */
  public static MailExchanger open(String domain, Conduct conduct, Arrivals arrivals)
      throws IOException {
    return new MailExchanger(domain, conduct, arrivals);
  }

  public String domain() {
    return domain;
  }

  public int port() {
    return port;
  }

  /** Refuses connections from now on, and breaks those there are. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    connections.forEach(MailExchanger::reset);
  }

  /** Takes connections again, on the same port. */
  public void reopen() throws IOException {
    listener = listen(port);
    accept(listener);
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    return socket;
  }

  private void accept(ServerSocket socket) {
    start(
        domain,
        () -> {
          while (!socket.isClosed()) {
            try {
              Socket connection = socket.accept();
              connections.add(connection);
              start(domain, () -> serve(connection));
              if (socket.isClosed()) {
                reset(connection);
              }
            } catch (IOException closed) {
              return;
            }
          }
        });
  }

  private void serve(Socket connection) {
    arrivals.connected(this);
    try (connection) {
      connection.setTcpNoDelay(true);
      new ExchangerSession(connection, conduct, arrival -> arrivals.arrived(this, arrival)).run();
    } catch (IOException gone) {
      reset(connection);
    } finally {
      connections.remove(connection);
    }
  }

  static void reset(Socket connection) {
    try {
      connection.setSoLinger(true, 0);
      connection.close();
    } catch (IOException gone) {
      // It is what was wanted.
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(null, work, "exchanger-" + name, 256 * 1024);
    thread.setDaemon(true);
    thread.start();
  }
}
