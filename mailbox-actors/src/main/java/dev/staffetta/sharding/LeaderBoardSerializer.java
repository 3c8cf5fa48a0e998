package dev.staffetta.sharding;

import dev.staffetta.sharding.proto.LeadersProto;

/** Writes what nodes tell one another of leaders, as {@code sharding.proto} says. */
public final class LeaderBoardSerializer extends VersionedSerializer {
  private static final int IDENTIFIER = 9020;

  /** Made by Pekko. */
  public LeaderBoardSerializer() {
    super(IDENTIFIER);
    form(
        "leaders.1",
        LeaderBoardActor.Told.class,
        LeaderBoardSerializer::told,
        LeadersProto.Told.parser(),
        LeaderBoardSerializer::told);
  }

  private static LeadersProto.Told told(LeaderBoardActor.Told told) {
    LeadersProto.Told.Builder message = LeadersProto.Told.newBuilder().setTeller(told.teller());
    for (Leadership leadership : told.leaderships()) {
      message.addLeaderships(
          LeadersProto.Leadership.newBuilder()
              .setPartition(leadership.partition())
              .setTerm(leadership.term())
              .setNode(leadership.node()));
    }
    return message.build();
  }

  private static LeaderBoardActor.Told told(LeadersProto.Told message) {
    return new LeaderBoardActor.Told(
        message.getTeller(),
        message.getLeadershipsList().stream()
            .map(l -> new Leadership(l.getPartition(), l.getTerm(), l.getNode()))
            .toList());
  }
}
