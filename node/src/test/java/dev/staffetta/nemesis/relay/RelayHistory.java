package dev.staffetta.nemesis.relay;

import java.util.List;

/** All that clients and destinations saw, and when nodes were killed. */
record RelayHistory(
    List<Submission> submissions, List<Receipt> receipts, List<Bounce> bounces, List<Long> kills) {
  RelayHistory {
    submissions = List.copyOf(submissions);
    receipts = List.copyOf(receipts);
    bounces = List.copyOf(bounces);
    kills = List.copyOf(kills);
  }
}
