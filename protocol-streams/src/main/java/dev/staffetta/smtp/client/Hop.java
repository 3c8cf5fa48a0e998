package dev.staffetta.smtp.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One address of a server to send to, and how.
 *
 * @param host its name, as the MX record or the configuration has it: for reports, SNI and logs
 * @param address where to connect
 * @param source local address to connect from
 * @param login what to authenticate with, at a smarthost
 */
public record Hop(
    String host,
    InetSocketAddress address,
    Dialect dialect,
    HopSecurity security,
    Optional<InetAddress> source,
    Optional<Login> login) {

  /** What is spoken. */
  public enum Dialect {
    SMTP,
    /** RFC 2033. */
    LMTP
  }

  /** A user's name and password (RFC 4954, PLAIN or LOGIN); never sent without TLS. */
  public record Login(String user, String password) {
    /** Without the password. */
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }
}
