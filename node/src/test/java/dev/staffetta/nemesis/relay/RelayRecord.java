package dev.staffetta.nemesis.relay;

import dev.staffetta.exchanger.Arrival;
import dev.staffetta.exchanger.Arrivals;
import dev.staffetta.exchanger.MailExchanger;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes down what clients and destinations see. For any thread. */
final class RelayRecord implements Arrivals {
  /** Somebody connected to a destination. */
  record Connected(String domain, long nanos) {}

  private final Queue<Submission> submissions = new ConcurrentLinkedQueue<>();
  private final Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
  private final Queue<Bounce> bounces = new ConcurrentLinkedQueue<>();
  private final Queue<Long> kills = new ConcurrentLinkedQueue<>();
  private final Queue<Connected> connections = new ConcurrentLinkedQueue<>();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private final AtomicInteger taken = new AtomicInteger();
  private final int forgetEvery;

  /**
   * @param forgetEvery one message in so many that are taken is not written down; 0: none
   */
  RelayRecord(int forgetEvery) {
    this.forgetEvery = forgetEvery;
  }

  @Override
  public void connected(MailExchanger exchanger) {
    connections.add(new Connected(exchanger.domain(), System.nanoTime()));
  }

  @Override
  public void arrived(MailExchanger exchanger, Arrival arrival) {
    if (forgetEvery > 0 && taken.incrementAndGet() % forgetEvery == 0) {
      return;
    }
    for (String recipient : arrival.recipients()) {
      receipts.add(
          new Receipt(
              recipient,
              arrival.nanos(),
              arrival.isAcknowledged(),
              recipient.endsWith("@" + exchanger.domain())
                  && RelayLetter.isWhole(recipient, arrival.text())));
    }
  }

  void submitted(Submission submission) {
    submissions.add(submission);
  }

  void bounced(Bounce bounce) {
    bounces.add(bounce);
  }

  void killed(long nanos) {
    kills.add(nanos);
  }

  /** Something that must not be, whatever else there is. */
  void complain(String what) {
    complaints.add(what);
  }

  List<String> complaints() {
    return new ArrayList<>(complaints);
  }

  List<Connected> connections() {
    return new ArrayList<>(connections);
  }

  int submissions() {
    return submissions.size();
  }

  RelayHistory history() {
    return new RelayHistory(
        new ArrayList<>(submissions),
        new ArrayList<>(receipts),
        new ArrayList<>(bounces),
        new ArrayList<>(kills));
  }
}
