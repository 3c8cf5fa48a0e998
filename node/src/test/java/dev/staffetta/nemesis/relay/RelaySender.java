package dev.staffetta.nemesis.relay;

import dev.staffetta.client.SmtpClient;
import dev.staffetta.client.UnexpectedReply;
import dev.staffetta.nemesis.load.NodeAddress;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;

/**
 * A client that submits letters, each to any node, and again when that was in vain; to be run by
 * one thread.
 */
final class RelaySender implements Runnable, AutoCloseable {
  /** Longer than that no answer may take. */
  static final Duration REPLY_LIMIT = Duration.ofMinutes(1);

  private static final Duration ACCEPTED_WITHIN = Duration.ofMinutes(3);
  private static final int LETTERS_PER_SESSION = 20;
  private static final int PAUSE_MILLIS = 200;

  private final BlockingQueue<RelayLetter> letters;
  private final List<NodeAddress> nodes;
  private final String password;
  private final RelayRecord record;
  private final Random dice;
  private SmtpClient session;
  private String sessionOf = "";
  private int sessionLetters;

  RelaySender(
      BlockingQueue<RelayLetter> letters,
      List<NodeAddress> nodes,
      String password,
      RelayRecord record,
      long seed) {
    this.letters = letters;
    this.nodes = List.copyOf(nodes);
    this.password = password;
    this.record = record;
    this.dice = new Random(seed);
  }

  /** Until it is interrupted. */
  @Override
  public void run() {
    try {
      while (true) {
        submit(letters.take());
      }
    } catch (InterruptedException end) {
      close();
    }
  }

  private void submit(RelayLetter letter) throws InterruptedException {
    long deadline = System.nanoTime() + ACCEPTED_WITHIN.toNanos();
    int openEnds = 0;
    while (System.nanoTime() < deadline) {
      boolean isEnding = false;
      try {
        SmtpClient smtp = session(letter.sender());
        smtp.begin(letter.sender(), letter.recipients());
        isEnding = true;
        smtp.end(letter.bytes());
        record.submitted(new Submission(letter, true, openEnds));
        return;
      } catch (IOException inVain) {
        openEnds += isEnding ? 1 : 0;
        complain(letter, inVain);
        close();
        Thread.sleep(PAUSE_MILLIS);
      }
    }
    record.complain("letter " + letter.number() + " was not accepted within " + ACCEPTED_WITHIN);
    record.submitted(new Submission(letter, false, openEnds));
  }

  /** Of refusals only temporary ones are right. */
  private void complain(RelayLetter letter, IOException failure) {
    if (failure instanceof UnexpectedReply refused && !refused.reply().startsWith("4")) {
      record.complain("letter " + letter.number() + " was refused: " + refused.getMessage());
    } else if (failure instanceof SocketTimeoutException) {
      record.complain("letter " + letter.number() + " had no answer within " + REPLY_LIMIT);
    }
  }

  private SmtpClient session(String account) throws IOException {
    if (session == null || !sessionOf.equals(account) || sessionLetters >= LETTERS_PER_SESSION) {
      close();
      int port = nodes.get(dice.nextInt(nodes.size())).ports().submission();
      session = new SmtpClient(port, REPLY_LIMIT);
      sessionOf = account;
      sessionLetters = 0;
      session.login(account, password);
    }
    sessionLetters++;
    return session;
  }

  @Override
  public void close() {
    if (session != null) {
      try {
        session.close();
      } catch (IOException gone) {
        // Nothing more is wanted of it.
      }
      session = null;
    }
  }
}
