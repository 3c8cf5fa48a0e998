package dev.staffetta.sharding;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.sharding.ShardCoordinator.AbstractShardAllocationStrategy;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;

/**
 * Puts each shard where its partition is led, and moves it when the lead has moved. A partition
 * whose leader is not known, or has no region yet, is served where it is asked for, which is to say
 * that it is told at once to try again, until it is known.
 *
 * <p>Runs in the shard coordinators, on the oldest node.
 */
final class LeaderAllocation extends AbstractShardAllocationStrategy {
  private final LeaderBoard board;
  private final Cluster cluster;

  LeaderAllocation(ActorSystem system) {
    this.board = LeaderBoard.of(system);
    this.cluster = Cluster.get(system);
  }

  @Override
  public Future<ActorRef> allocateShard(
      ActorRef requester, String shardId, Map<ActorRef, IndexedSeq<String>> current) {
    return Future.successful(home(shardId, current).orElse(requester));
  }

  /**
   * Takes a shard only from a node that has been heard of since its lead went. A dead one would not
   * let go of it, and the shard stood still until the handoff's timeout; when the node is given up,
   * its shards are placed anew, which is sooner.
   */
  @Override
  public Future<Set<String>> rebalance(
      Map<ActorRef, IndexedSeq<String>> current, Set<String> inProgress) {
    Set<String> misplaced = new HashSet<>();
    for (Map.Entry<ActorRef, IndexedSeq<String>> region : current.entrySet()) {
      String node = node(region.getKey());
      var shards = region.getValue().iterator();
      while (shards.hasNext()) {
        String shard = shards.next();
        if (!inProgress.contains(shard)
            && board.hasSpokenSinceMove(node, Integer.parseInt(shard))
            && home(shard, current).filter(home -> !home.equals(region.getKey())).isPresent()) {
          misplaced.add(shard);
        }
      }
    }
    return Future.successful(misplaced);
  }

  private Optional<ActorRef> home(String shardId, Map<ActorRef, IndexedSeq<String>> current) {
    return board
        .leader(Integer.parseInt(shardId))
        .flatMap(node -> NodeNames.member(cluster.state(), node))
        .map(Member::address)
        .flatMap(
            address ->
                current.keySet().stream().filter(r -> addressOf(r).equals(address)).findFirst());
  }

  /** The name of a region's node; empty when it is not a member any more. */
  private String node(ActorRef region) {
    Address address = addressOf(region);
    for (Member member : cluster.state().getMembers()) {
      if (member.address().equals(address)) {
        return NodeNames.of(member);
      }
    }
    return "";
  }

  /** The coordinator's own node's region is local: its path has no host. */
  private Address addressOf(ActorRef region) {
    Address address = region.path().address();
    return address.hasLocalScope() ? cluster.selfMember().address() : address;
  }
}
