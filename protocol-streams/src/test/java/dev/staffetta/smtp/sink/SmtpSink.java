package dev.staffetta.smtp.sink;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sink on a free port of the loopback address, a thread a connection.
 *
 * <pre>{@code
 * try (SmtpSink sink = SmtpSink.start(new SinkScript().greylist(1))) {
 *   ... sink.address() ... sink.received() ...
 * }
 * }</pre>
 */
public final class SmtpSink implements AutoCloseable {
  private final ServerSocket listener;
  private final SinkScript script;
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<ReceivedMail> received = new CopyOnWriteArrayList<>();
  private final Queue<String> clients = new ConcurrentLinkedQueue<>();
  private final Queue<String> commands = new ConcurrentLinkedQueue<>();

  private SmtpSink(SinkScript script, int port) {
    try {
      this.script = script;
      this.listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      start("sink-" + listener.getLocalPort(), this::accept);
    } catch (IOException e) {
      throw new IllegalStateException("no port for the sink", e);
    }
  }

  /** Starts on a port that the system chooses. */
  public static SmtpSink start(SinkScript script) {
    return new SmtpSink(script, 0);
  }

  /** Starts on a port, such as that of a sink which was closed. */
  public static SmtpSink start(SinkScript script, int port) {
    return new SmtpSink(script, port);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
  }

  /** Messages whose end came, in the order in which they did. */
  public List<ReceivedMail> received() {
    return List.copyOf(received);
  }

  /** Those that the client was told 250 for. */
  public List<ReceivedMail> acknowledged() {
    return received.stream().filter(ReceivedMail::isAcknowledged).toList();
  }

  /** Every command line of every connection, as it came. */
  public List<String> commands() {
    return List.copyOf(commands);
  }

  /** How many connections there were. */
  public int connections() {
    return connections.get();
  }

  /** The addresses that connections came from, in their order. */
  public List<String> clients() {
    return List.copyOf(clients);
  }

  /** How many are open. */
  public int openConnections() {
    return open.size();
  }

  /** Resets all that are open. */
  public void dropConnections() {
    open.forEach(SmtpSink::reset);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new IllegalStateException("the sink does not close", e);
    }
    dropConnections();
  }

  void took(ReceivedMail mail) {
    received.add(mail);
  }

  void heard(String command) {
    commands.add(command);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        clients.add(socket.getInetAddress().getHostAddress());
        int number = connections.incrementAndGet();
        start("sink-" + listener.getLocalPort() + "-" + number, () -> serve(socket, number));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      new SinkConnection(this, script, socket, number).run();
    } catch (IOException gone) {
      reset(socket);
    } finally {
      open.remove(socket);
    }
  }

  static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException gone) {
      // It is what was wanted.
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
