package dev.staffetta.store;

import dev.staffetta.store.link.LinkTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** {@link TransportSecurity} for the links between Raft servers. */
final class RaftTls {
  private RaftTls() {}

  /** Reads the files; empty: all is plain. */
  static Optional<LinkTls> of(Optional<TransportSecurity> security) {
    return security.map(
        files -> {
          try {
            return new LinkTls(
                readable(files.key(), "key"),
                readable(files.certificate(), "certificate"),
                readable(files.authority(), "authority"));
          } catch (SSLException | IllegalArgumentException e) {
            throw new StoreException("the store's TLS cannot be set up: " + e.getMessage(), e);
          }
        });
  }

  private static Path readable(Path file, String what) {
    if (!Files.isReadable(file)) {
      throw new StoreException("the " + what + " of the store's TLS cannot be read: " + file);
    }
    return file;
  }
}
