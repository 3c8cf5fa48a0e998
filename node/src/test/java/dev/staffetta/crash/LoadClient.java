package dev.staffetta.crash;

import dev.staffetta.client.ImapClient;
import dev.staffetta.client.SmtpClient;
import dev.staffetta.client.UnexpectedReply;
import dev.staffetta.process.ServerPorts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * One client that places letters, one after the other, and does to each what its dice say, writing
 * down how far each operation got. It ends at the first broken connection: whatever was under way
 * then stays {@link Fate#OPEN}.
 */
final class LoadClient implements Callable<Integer> {
  private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(30);
  private static final AtomicLong TOKENS = new AtomicLong();

  private final ServerPorts ports;
  private final String account;
  private final String password;
  private final String folder;
  private final Random dice;
  private final ConcurrentLinkedQueue<Letter> letters;
  private final BooleanSupplier goOn;

  /** The UID of its letter before: its next one lies above. */
  private long lowestUid = 1;

  /**
   * A client.
   *
   * @param folder INBOX: it delivers by SMTP; another: it appends there
   * @param letters where it puts every letter, before the first byte is sent
   * @param goOn asked before each letter
   */
  LoadClient(
      ServerPorts ports,
      String account,
      String password,
      String folder,
      Random dice,
      ConcurrentLinkedQueue<Letter> letters,
      BooleanSupplier goOn) {
    this.ports = ports;
    this.account = account;
    this.password = password;
    this.folder = folder;
    this.dice = dice;
    this.letters = letters;
    this.goOn = goOn;
  }

  /** Runs until told to stop or cut off; how many letters it placed. */
  @Override
  public Integer call() {
    int placed = 0;
    try (SmtpClient smtp = new SmtpClient(ports.smtp(), REPLY_TIMEOUT);
        ImapClient imap = new ImapClient(ports.imap(), REPLY_TIMEOUT)) {
      imap.login(account, password);
      imap.ok("SELECT " + folder);
      while (goOn.getAsBoolean()) {
        // Mostly small; one in ten too large to ride in its event's batch.
        int bodyLines = dice.nextInt(10) == 0 ? 2_000 : dice.nextInt(40);
        Letter letter =
            new Letter(String.format("t%09d", TOKENS.incrementAndGet()), folder, bodyLines);
        letters.add(letter);
        place(letter, smtp, imap);
        placed++;
        treat(letter, imap);
      }
    } catch (UnexpectedReply refused) {
      throw new IllegalStateException("a healthy server refused", refused);
    } catch (IOException cutOff) {
      // The kill, as a client sees it.
    }
    return placed;
  }

  private void place(Letter letter, SmtpClient smtp, ImapClient imap) throws IOException {
    letter.placed = Fate.OPEN;
    if (folder.equals("INBOX")) {
      smtp.send("load@client.example.net", List.of(account), letter.bytes());
    } else {
      imap.append(folder, "", letter.bytes());
    }
    letter.placed = Fate.DONE;
  }

  private void treat(Letter letter, ImapClient imap) throws IOException {
    int throwOf = dice.nextInt(10);
    if (throwOf >= 7) {
      return;
    }
    imap.ok("NOOP");
    List<Long> uids = uidsOf(letter, imap);
    if (uids.size() != 1) {
      throw new IllegalStateException(
          letter + ": acknowledged, and its own session finds it at " + uids);
    }
    long uid = uids.get(0);
    lowestUid = uid;
    if (throwOf < 3) {
      letter.flagged = Fate.OPEN;
      imap.ok("UID STORE " + uid + " +FLAGS (\\Flagged)");
      letter.flagged = Fate.DONE;
    }
    if (throwOf == 2 || throwOf == 3) {
      letter.moved = Fate.OPEN;
      imap.ok("UID MOVE " + uid + " " + Letter.ARCHIVE);
      letter.moved = Fate.DONE;
    } else if (throwOf == 4) {
      letter.copied = Fate.OPEN;
      imap.ok("UID COPY " + uid + " " + Letter.ARCHIVE);
      letter.copied = Fate.DONE;
    } else if (throwOf == 5) {
      letter.expunged = Fate.OPEN;
      imap.ok("UID STORE " + uid + " +FLAGS.SILENT (\\Deleted)");
      imap.ok("UID EXPUNGE " + uid);
      letter.expunged = Fate.DONE;
    }
  }

  private List<Long> uidsOf(Letter letter, ImapClient imap) throws IOException {
    List<Long> uids = new ArrayList<>();
    for (String line :
        imap.ok("UID SEARCH UID " + lowestUid + ":* HEADER X-Token " + letter.token).untagged()) {
      if (line.startsWith("* SEARCH")) {
        for (String word : line.substring("* SEARCH".length()).trim().split(" ", -1)) {
          if (!word.isEmpty()) {
            uids.add(Long.valueOf(word));
          }
        }
      }
    }
    return uids;
  }
}
