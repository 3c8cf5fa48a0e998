package dev.staffetta.store;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.util.TimeDuration;

/**
 * Makes Ratis' own clients, for what is rare and may block: fetching a replica, changing who has
 * one. They try once, and wait for an answer no longer than {@link #ANSWER_PATIENCE_SECONDS}.
 */
final class RaftClients {
  static final long ANSWER_PATIENCE_SECONDS = 10;

  private final RaftProperties properties;
  private final Parameters parameters;

  /**
   * Those of a node.
   *
   * @param ofServer properties of its Raft server
   * @param parameters with the keys for its connections
   */
  RaftClients(RaftProperties ofServer, Parameters parameters) {
    this.properties = new RaftProperties(ofServer);
    this.parameters = parameters;
    RaftClientConfigKeys.Rpc.setRequestTimeout(
        properties, TimeDuration.valueOf(ANSWER_PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  /** A client to some peers of a group, that asks {@code first} first. To be closed. */
  RaftClient to(RaftGroupId group, Collection<RaftPeer> peers, RaftPeer first) {
    return RaftClient.newBuilder()
        .setProperties(properties)
        .setParameters(parameters)
        .setRaftGroup(RaftGroup.valueOf(group, peers))
        .setLeaderId(first.getId())
        .setRetryPolicy(RetryPolicies.noRetry())
        .build();
  }
}
