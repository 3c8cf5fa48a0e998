package dev.staffetta.store.link;

import java.net.InetSocketAddress;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/**
 * What Ratis knows of the links: it makes this by its class' name, and finds in it how servers of
 * ours talk. Clients of Ratis' own are not served; {@link PeerLinks#send} is ours.
 */
public final class LinkRpcType implements RpcType {
  private static final String LINKS = "staffetta.links";
  private static final String LISTENS_AT = "staffetta.listens-at";

  /** For Ratis. */
  public LinkRpcType() {}

  /**
   * Has a server that is made with these properties and the parameters use our links.
   *
   * @param listensAt where it shall be reached
   */
  public static Parameters use(
      RaftProperties properties, PeerLinks links, InetSocketAddress listensAt) {
    RaftConfigKeys.Rpc.setType(properties, new LinkRpcType());
    Parameters parameters = new Parameters();
    parameters.put(LINKS, links, PeerLinks.class);
    parameters.put(LISTENS_AT, listensAt, InetSocketAddress.class);
    return parameters;
  }

  @Override
  public String name() {
    return LinkRpcType.class.getName();
  }

  @Override
  public ServerFactory newFactory(Parameters parameters) {
    return new Factory(
        parameters.getNonNull(LINKS, PeerLinks.class),
        parameters.getNonNull(LISTENS_AT, InetSocketAddress.class));
  }

  private record Factory(PeerLinks links, InetSocketAddress listensAt) implements ServerFactory {
    @Override
    public RpcType getRpcType() {
      return new LinkRpcType();
    }

    @Override
    public LogAppender newLogAppender(
        RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      return new LinkAppender(
          server, state, follower, (LinkServer) server.getRaftServer().getServerRpc());
    }

    @Override
    public RaftServerRpc newRaftServerRpc(RaftServer server) {
      return new LinkServer(server, links, listensAt);
    }
  }
}
