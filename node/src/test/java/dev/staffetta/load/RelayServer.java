package dev.staffetta.load;

import java.io.IOException;

/** A server that takes mail for others, and sends it on. */
interface RelayServer extends AutoCloseable {
  String name();

  /** Where it takes mail for others. */
  int port();

  /** Whether a client has to log in there. */
  boolean wantsLogin();

  /** Processor time of all its processes so far, in milliseconds. */
  long cpuMillis() throws IOException;

  /** Memory of all its processes; what several share is counted once. */
  long memoryBytes() throws IOException;

  @Override
  void close() throws IOException, InterruptedException;
}
