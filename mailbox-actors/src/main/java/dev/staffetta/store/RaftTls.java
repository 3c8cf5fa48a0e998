package dev.staffetta.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.thirdparty.io.grpc.ChannelCredentials;
import org.apache.ratis.thirdparty.io.grpc.InsecureChannelCredentials;
import org.apache.ratis.thirdparty.io.grpc.TlsChannelCredentials;

/** {@link TransportSecurity} in the words of Ratis and gRPC. */
final class RaftTls {
  private RaftTls() {}

  /** What Ratis' servers and clients take beside their properties. */
  static Parameters parameters(Optional<TransportSecurity> security) {
    Parameters parameters = new Parameters();
    security.ifPresent(
        s ->
            GrpcConfigKeys.TLS.setConf(
                parameters,
                new GrpcTlsConfig(
                    readable(s.key(), "key").toFile(),
                    readable(s.certificate(), "certificate").toFile(),
                    readable(s.authority(), "authority").toFile(),
                    true)));
    return parameters;
  }

  /** What a channel of our own to a peer takes. */
  static ChannelCredentials credentials(Optional<TransportSecurity> security) throws IOException {
    if (security.isEmpty()) {
      return InsecureChannelCredentials.create();
    }
    return TlsChannelCredentials.newBuilder()
        .keyManager(security.get().certificate().toFile(), security.get().key().toFile())
        .trustManager(security.get().authority().toFile())
        .build();
  }

  private static Path readable(Path file, String what) {
    if (!Files.isReadable(file)) {
      throw new StoreException("the " + what + " of the store's TLS cannot be read: " + file);
    }
    return file;
  }
}
