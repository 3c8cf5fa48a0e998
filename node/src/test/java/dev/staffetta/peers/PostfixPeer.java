package dev.staffetta.peers;

import dev.staffetta.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Postfix, with a configuration and a queue of its own. */
final class PostfixPeer implements Peer {
  private final Path directory;
  private final int port;

  PostfixPeer(Path directory, int nodesPort) throws IOException, InterruptedException {
    this.directory = directory;
    this.port = ServerProcess.freePorts(1).get(0);
    Path conf = Files.createDirectories(directory.resolve("conf"));
    Files.createDirectories(directory.resolve("queue"));
    for (String own : List.of("data", "mail")) {
      Peer.run(
          directory,
          "chown",
          "postfix",
          Files.createDirectories(directory.resolve(own)).toString());
    }
    Peer.certificate(directory, "mx.peer.example");
    Files.writeString(
        conf.resolve("transport"),
        "example.com smtp:[127.0.0.1]:%d\ngone.example error:5.1.2 gone for good\n"
            .formatted(nodesPort));
    Files.writeString(
        conf.resolve("users"), "carol@peer.example peer/carol/\ncarol@far.example far/carol/\n");
    Files.writeString(
        conf.resolve("main.cf"),
        """
        compatibility_level = 3.6
        queue_directory = %1$s/queue
        data_directory = %1$s/data
        maillog_file = %1$s/mail.log
        maillog_file_prefixes = %1$s
        myhostname = mx.peer.example
        mydestination =
        alias_maps =
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mynetworks = 127.0.0.0/8
        smtpd_relay_restrictions = permit_mynetworks, reject
        virtual_mailbox_domains = peer.example, far.example
        virtual_mailbox_base = %1$s/mail
        virtual_mailbox_maps = texthash:%1$s/conf/users
        virtual_minimum_uid = 1
        virtual_uid_maps = static:%2$s
        virtual_gid_maps = static:%3$s
        transport_maps = texthash:%1$s/conf/transport
        relay_domains = example.com, gone.example
        smtp_dns_support_level = disabled
        smtp_host_lookup = native
        smtp_tls_security_level = encrypt
        smtpd_tls_security_level = may
        smtpd_tls_cert_file = %1$s/cert.pem
        smtpd_tls_key_file = %1$s/key.pem
        smtpd_tls_received_header = yes
        smtputf8_enable = yes
        """
            .formatted(directory, id("-u"), id("-g")));
    Files.writeString(conf.resolve("master.cf"), services());
    Peer.run(directory, "postfix", "-c", conf.toString(), "start");
  }

  private String id(String of) throws IOException, InterruptedException {
    Peer.run(directory, "id", of, "postfix");
    return Files.readString(directory.resolve("output")).strip();
  }

  private String services() {
    List<String> lines = new ArrayList<>();
    lines.add("127.0.0.1:" + port + " inet n - n - - smtpd");
    lines.add("cleanup unix n - n - 0 cleanup");
    lines.add("qmgr unix n - n 300 1 qmgr");
    lines.add("tlsmgr unix - - n 1000? 1 tlsmgr");
    lines.add("rewrite unix - - n - - trivial-rewrite");
    for (String service : List.of("bounce", "defer", "trace")) {
      lines.add(service + " unix - - n - 0 bounce");
    }
    lines.add("proxymap unix - - n - - proxymap");
    lines.add("smtp unix - - n - - smtp");
    lines.add("virtual unix - n n - - virtual");
    lines.add("error unix - - n - - error");
    lines.add("retry unix - - n - - error");
    lines.add("anvil unix - - n - 1 anvil");
    lines.add("scache unix - - n - 1 scache");
    lines.add("postlog unix-dgram n - n - 1 postlogd");
    return String.join("\n", lines) + "\n";
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
    return directory.resolve("mail.log");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    Peer.run(directory, "postfix", "-c", directory.resolve("conf").toString(), "stop");
  }
}
