package dev.staffetta.placement;

import dev.staffetta.placement.proto.PlacementProto;
import dev.staffetta.store.PartitionStatus;
import dev.staffetta.store.StorePeer;
import java.util.Optional;

/** Reports and orders as messages, and back. */
final class ReportEncoding {
  private static final int ADD_REPLICA = 1;
  private static final int SET_PEERS = 2;
  private static final int TRANSFER_LEADERSHIP = 3;
  private static final int DROP_REPLICA = 4;

  private ReportEncoding() {}

  static PlacementProto.NodeReport report(NodeReport report) {
    PlacementProto.NodeReport.Builder message =
        PlacementProto.NodeReport.newBuilder()
            .setPeer(peer(report.peer()))
            .setState(PlacementSerializer.state(report.state()))
            .setHeard(report.heard())
            .setStopping(report.isStopping())
            .setHasRoom(report.hasRoom())
            .setFreeBytes(report.space().freeBytes())
            .setTotalBytes(report.space().totalBytes())
            .setRoomBytes(report.space().roomBytes())
            .setDisk(report.disk())
            .setVersion(report.version())
            .setPid(report.pid())
            .setUptimeSeconds(report.uptimeSeconds());
    report.partitions().forEach(partition -> message.addReplicas(replica(partition)));
    report.running().forEach(step -> message.addRunning(step(step)));
    for (NodeReport.Progress progress : report.progress()) {
      message.addProgress(
          PlacementProto.Progress.newBuilder()
              .setPartition(progress.partition())
              .setBytes(progress.bytes())
              .setOfBytes(progress.ofBytes())
              .setSecondsLeft(progress.secondsLeft()));
    }
    return message.build();
  }

  static NodeReport report(PlacementProto.NodeReport message) {
    return new NodeReport(
        peer(message.getPeer()),
        PlacementSerializer.state(message.getState()),
        message.getHeard(),
        message.getStopping(),
        message.getHasRoom(),
        new NodeReport.Space(
            message.getFreeBytes(), message.getTotalBytes(), message.getRoomBytes()),
        message.getDisk(),
        message.getVersion(),
        message.getPid(),
        message.getUptimeSeconds(),
        message.getReplicasList().stream().map(ReportEncoding::replica).toList(),
        message.getRunningList().stream().map(ReportEncoding::step).toList(),
        message.getProgressList().stream()
            .map(
                progress ->
                    new NodeReport.Progress(
                        progress.getPartition(),
                        progress.getBytes(),
                        progress.getOfBytes(),
                        progress.getSecondsLeft()))
            .toList());
  }

  static PlacementProto.Orders orders(PlacementCommand.Orders orders) {
    PlacementProto.Orders.Builder message =
        PlacementProto.Orders.newBuilder()
            .setNumber(orders.number())
            .setState(PlacementSerializer.state(orders.state()));
    orders.steps().forEach(step -> message.addSteps(step(step)));
    orders.peers().forEach(peer -> message.addPeers(peer(peer)));
    return message.build();
  }

  static PlacementCommand.Orders orders(PlacementProto.Orders message) {
    return new PlacementCommand.Orders(
        message.getNumber(),
        PlacementSerializer.state(message.getState()),
        message.getStepsList().stream().map(ReportEncoding::step).toList(),
        message.getPeersList().stream().map(ReportEncoding::peer).toList());
  }

  private static PlacementProto.Step step(Step step) {
    PlacementProto.Step.Builder message =
        PlacementProto.Step.newBuilder().setPartition(step.partition()).setNode(step.node());
    if (step instanceof Step.SetPeers set) {
      message.setKind(SET_PEERS).addAllPeers(set.peers());
    } else if (step instanceof Step.TransferLeadership transfer) {
      message.setKind(TRANSFER_LEADERSHIP).addPeers(transfer.to());
    } else {
      message.setKind(step instanceof Step.AddReplica ? ADD_REPLICA : DROP_REPLICA);
    }
    return message.build();
  }

  private static Step step(PlacementProto.Step message) {
    return switch (message.getKind()) {
      case ADD_REPLICA -> new Step.AddReplica(message.getPartition(), message.getNode());
      case SET_PEERS ->
          new Step.SetPeers(message.getPartition(), message.getNode(), message.getPeersList());
      case TRANSFER_LEADERSHIP ->
          new Step.TransferLeadership(
              message.getPartition(), message.getNode(), message.getPeers(0));
      case DROP_REPLICA -> new Step.DropReplica(message.getPartition(), message.getNode());
      default ->
          throw new IllegalArgumentException("a step of kind " + message.getKind() + " is unknown");
    };
  }

  private static PlacementProto.Replica replica(PartitionStatus status) {
    PlacementProto.Replica.Builder message =
        PlacementProto.Replica.newBuilder()
            .setPartition(status.partition())
            .setHasReplica(status.hasReplica())
            .setAilment(status.ailment().orElse(""))
            .setLeader(status.leader().orElse(""))
            .setLeads(status.leads())
            .setTerm(status.term())
            .setAppliedIndex(status.appliedIndex())
            .setCommittedIndex(status.committedIndex())
            .setDiskBytes(status.diskBytes())
            .setEntries(status.entries())
            .setBatches(status.batches())
            .setBytes(status.bytes())
            .setQueuedBytes(status.queuedBytes());
    status.peers().forEach(peer -> message.addPeers(peer(peer)));
    for (PartitionStatus.Follower follower : status.followers()) {
      message.addFollowers(
          PlacementProto.Follower.newBuilder()
              .setNode(follower.node())
              .setMatchIndex(follower.matchIndex())
              .setLag(follower.lag()));
    }
    status
        .transfer()
        .ifPresent(
            transfer ->
                message
                    .setIsReceiving(true)
                    .setReceivedBytes(transfer.bytes())
                    .setOfBytes(transfer.ofBytes()));
    return message.build();
  }

  private static PartitionStatus replica(PlacementProto.Replica message) {
    return new PartitionStatus(
        message.getPartition(),
        message.getHasReplica(),
        optional(message.getAilment()),
        message.getPeersList().stream().map(ReportEncoding::peer).toList(),
        optional(message.getLeader()),
        message.getLeads(),
        message.getFollowersList().stream()
            .map(f -> new PartitionStatus.Follower(f.getNode(), f.getMatchIndex(), f.getLag()))
            .toList(),
        message.getTerm(),
        message.getAppliedIndex(),
        message.getCommittedIndex(),
        message.getDiskBytes(),
        message.getIsReceiving()
            ? Optional.of(
                new PartitionStatus.Transfer(message.getReceivedBytes(), message.getOfBytes()))
            : Optional.empty(),
        message.getEntries(),
        message.getBatches(),
        message.getBytes(),
        message.getQueuedBytes());
  }

  private static Optional<String> optional(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static PlacementProto.Peer peer(StorePeer peer) {
    return PlacementProto.Peer.newBuilder()
        .setNode(peer.node())
        .setHost(peer.host())
        .setPort(peer.port())
        .build();
  }

  private static StorePeer peer(PlacementProto.Peer message) {
    return new StorePeer(message.getNode(), message.getHost(), message.getPort());
  }
}
