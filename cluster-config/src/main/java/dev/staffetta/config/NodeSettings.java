package dev.staffetta.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who a node is and where its data lies: the section {@code node}.
 *
 * @param name unique in the cluster; names the node's own directory
 * @param dataDirectory holds a directory a node, and the admin API's token
 * @param hostName the node's name in greetings and trace fields; empty: the machine's
 * @param shutdownDeadline how long an orderly stop may take
 */
public record NodeSettings(
    String name, Path dataDirectory, Optional<String> hostName, Duration shutdownDeadline) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

  /** RFC 5321 4.1.2, Domain. */
  private static final Pattern HOST_NAME =
      Pattern.compile(
          "(?=.{1,253}$)[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
              + "(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*");

  public NodeSettings {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "must be 1 to 32 lower-case letters, digits and inner hyphens, not '" + name + "'");
    }
    if (hostName.isPresent() && !HOST_NAME.matcher(hostName.get()).matches()) {
      throw new IllegalArgumentException(
          "must be a host name such as mail.example.com, not '" + hostName.get() + "'");
    }
    if (shutdownDeadline.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("must be at least 1s, not " + shutdownDeadline);
    }
  }

  /** Reads the section. */
  public static NodeSettings from(Config section) {
    return new NodeSettings(
        section.getString("name"),
        Path.of(section.getString("data-directory")),
        Optional.of(section.getString("host-name")).filter(host -> !host.isEmpty()),
        section.getDuration("shutdown-deadline"));
  }

  /** The node's own directory: its store, its certificate, its log. */
  public Path directory() {
    return dataDirectory.resolve(name);
  }
}
