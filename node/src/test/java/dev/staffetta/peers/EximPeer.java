package dev.staffetta.peers;

import dev.staffetta.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Exim, with a configuration and a spool of its own. Relays for who has logged in as {@code
 * relayuser} with {@code relaypass} only, which it takes over TLS.
 */
final class EximPeer implements Peer {
  private final Path directory;
  private final int port;
  private final Process process;

  EximPeer(Path directory, int nodesPort) throws IOException, InterruptedException {
    this.directory = directory;
    this.port = ServerProcess.freePorts(1).get(0);
    Files.createDirectories(directory.resolve("mail"));
    Files.createDirectories(directory.resolve("log"));
    Files.createDirectories(directory.resolve("spool"));
    Peer.certificate(directory, "mx.peer.example");
    Path conf = directory.resolve("exim.conf");
    Files.writeString(
        conf,
        """
        primary_hostname = mx.peer.example
        spool_directory = %1$s/spool
        log_file_path = %1$s/log/%%slog
        pid_file_path = %1$s/exim.pid
        daemon_smtp_ports = %2$d
        local_interfaces = 127.0.0.1
        exim_user = Debian-exim
        exim_path = %4$s
        deliver_drop_privilege = true
        never_users =
        keep_environment =
        domainlist finals = peer.example : far.example
        acl_smtp_rcpt = rcpt
        rfc1413_query_timeout = 0s
        tls_advertise_hosts = *
        tls_certificate = %1$s/cert.pem
        tls_privatekey = %1$s/key.pem
        auth_advertise_hosts = ${if def:tls_in_cipher {*}}
        dsn_advertise_hosts = *
        chunking_advertise_hosts = *
        queue_run_max = 1
        begin acl
        rcpt:
          deny domains = +finals
               !local_parts = carol
               message = 550 5.1.1 no such user here
          accept domains = peer.example
          accept authenticated = *
          accept senders = carol@peer.example
          deny message = 550 5.7.1 relay not permitted
        begin routers
        gone:
          driver = redirect
          domains = gone.example
          allow_fail
          data = :fail: 5.1.2 gone for good
        here:
          driver = accept
          domains = +finals
          transport = file
        back:
          driver = manualroute
          domains = example.com
          transport = node
          route_list = * 127.0.0.1
          self = send
        begin transports
        file:
          driver = appendfile
          directory = %1$s/mail/inbox
          maildir_format
          envelope_to_add
        node:
          driver = smtp
          port = %3$d
          allow_localhost
          hosts_require_tls = *
          tls_verify_certificates =
          tls_try_verify_hosts =
        begin retry
        * * F,1h,1m
        begin authenticators
        plain:
          driver = plaintext
          public_name = PLAIN
          server_prompts = :
          server_condition = ${if and{{eq{$auth2}{relayuser}}{eq{$auth3}{relaypass}}}}
          server_set_id = $auth2
        """
            .formatted(directory, port, nodesPort, Peer.find("exim4").orElseThrow().toRealPath()));
    Peer.run(directory, "chown", "-R", "Debian-exim", directory.toString());
    Peer.run(directory, "chown", "root", conf.toString());
    process =
        new ProcessBuilder("exim4", "-C", conf.toString(), "-bdf", "-q1m")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("exim.out").toFile())
            .start();
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public Path mail() {
    return directory.resolve("mail");
  }

  @Override
  public Path log() {
    return directory.resolve("log/mainlog");
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
