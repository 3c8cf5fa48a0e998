package dev.staffetta.nemesis.load;

import dev.staffetta.client.ImapClient;
import dev.staffetta.client.UnexpectedReply;
import dev.staffetta.nemesis.history.Attempt;
import dev.staffetta.nemesis.history.Folder;
import dev.staffetta.nemesis.history.Instance;
import dev.staffetta.nemesis.history.Operation.Delivery;
import dev.staffetta.nemesis.history.Operation.FlagChange;
import dev.staffetta.nemesis.history.Operation.Removal;
import dev.staffetta.nemesis.history.Operation.Transfer;
import dev.staffetta.nemesis.history.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes and reads folders by IMAP: APPEND, STORE, COPY, MOVE, EXPUNGE, NOOP, IDLE, SELECT. */
final class ImapLoad extends LoadClient {
  private static final int COMMANDS_PER_SESSION = 60;

  /** Above so many messages a folder loses more than it gains. */
  private static final int FULL = 50;

  private static final List<String> FLAGS =
      List.of("\\Flagged", "\\Answered", "\\Draft", "nemesis");
  private static final Pattern APPENDED = Pattern.compile("APPENDUID \\d+ (\\d+)");
  private static final Pattern COPIED = Pattern.compile("COPYUID \\d+ \\d+ (\\d+)");

  ImapLoad(String name, List<NodeAddress> nodes, Scene scene, long seed) {
    super(name, nodes, scene, seed);
  }

  @Override
  void session() throws IOException, InterruptedException {
    String account = scene.anyAccount(dice);
    try (FolderSession session = new FolderSession(name, node, scene, account)) {
      session.select(Scene.anyFolder(account, dice), false);
      for (int i = 0; i < COMMANDS_PER_SESSION && scene.goesOn(); i++) {
        act(session, account);
        scene.pause(dice.nextInt(60));
      }
    }
  }

  private void act(FolderSession session, String account) throws IOException {
    List<Long> uids = session.view().uids();
    int throwOf = dice.nextInt(20);
    if (throwOf < 4) {
      session.refresh(false);
    } else if (throwOf == 4) {
      session.select(Scene.anyFolder(account, dice), false);
    } else if (throwOf == 5) {
      session.idle(Duration.ofMillis(dice.nextInt(1_500)));
    } else if (uids.isEmpty() || (throwOf < 8 && uids.size() < FULL)) {
      append(session, Scene.anyFolder(account, dice));
    } else {
      long uid = uids.get(dice.nextInt(uids.size()));
      Folder target = Scene.anyFolder(account, dice);
      if (uids.size() > FULL || throwOf == 19) {
        expunge(session, uid);
      } else if (throwOf < 15 || target.equals(session.folder())) {
        store(session, uid);
      } else {
        transfer(session, uid, target, throwOf > 15);
      }
    }
  }

  private void append(FolderSession session, Folder target) throws IOException {
    Letter letter = Letter.random(dice);
    Set<String> flags = dice.nextBoolean() ? Set.of() : Set.of(anyFlag());
    long began = now();
    try {
      ImapClient.Response response =
          session.append(target, String.join(" ", flags), letter.bytes());
      OptionalLong uid = number(APPENDED, response);
      record(letter, target, flags, began, outcome(response), uid);
      fail("APPEND", response);
    } catch (UnexpectedReply answered) {
      throw answered;
    } catch (IOException open) {
      record(letter, target, flags, began, Outcome.UNKNOWN, OptionalLong.empty());
      throw open;
    }
  }

  private void record(
      Letter letter,
      Folder target,
      Set<String> flags,
      long began,
      Outcome outcome,
      OptionalLong uid) {
    scene
        .recorder()
        .add(new Delivery(attempt(began, outcome), letter.token(), List.of(target), flags, uid));
  }

  private void store(FolderSession session, long uid) throws IOException {
    Instance instance = new Instance(session.folder(), uid);
    String token = session.token(uid);
    String flag = anyFlag();
    boolean sets = dice.nextInt(3) != 0;
    String command = "UID STORE " + uid + (sets ? " +FLAGS (" : " -FLAGS (") + flag + ")";
    change(
        session,
        command,
        attempt -> scene.recorder().add(new FlagChange(attempt, instance, token, flag, sets)));
  }

  private void expunge(FolderSession session, long uid) throws IOException {
    Instance instance = new Instance(session.folder(), uid);
    String token = session.token(uid);
    ImapClient.Response marked = session.command("UID STORE " + uid + " +FLAGS.SILENT (\\Deleted)");
    fail("STORE", marked);
    if (marked.tagged().startsWith("OK")) {
      change(
          session,
          "UID EXPUNGE " + uid,
          attempt -> scene.recorder().add(new Removal(attempt, instance, token, "EXPUNGE")));
    }
  }

  /** What is written down of a command when its outcome is known. */
  private interface Note {
    void of(Attempt attempt);
  }

  private void change(FolderSession session, String command, Note note) throws IOException {
    long began = now();
    try {
      ImapClient.Response response = session.command(command);
      note.of(attempt(began, outcome(response)));
      fail(command, response);
    } catch (UnexpectedReply answered) {
      throw answered;
    } catch (IOException open) {
      note.of(attempt(began, Outcome.UNKNOWN));
      throw open;
    }
  }

  private void transfer(FolderSession session, long uid, Folder target, boolean moves)
      throws IOException {
    String command = (moves ? "UID MOVE " : "UID COPY ") + uid + " " + target.name();
    Instance source = new Instance(session.folder(), uid);
    String token = session.token(uid);
    long began = now();
    try {
      ImapClient.Response response = session.command(command);
      OptionalLong newUid = number(COPIED, response);
      Outcome outcome = outcome(response);
      boolean foundNothing = outcome == Outcome.DONE && newUid.isEmpty();
      Attempt attempt = attempt(began, foundNothing ? Outcome.REFUSED : outcome);
      scene.recorder().add(new Transfer(attempt, source, token, target, newUid, moves));
      fail(command, response);
    } catch (UnexpectedReply answered) {
      throw answered;
    } catch (IOException open) {
      Attempt attempt = attempt(began, Outcome.UNKNOWN);
      scene
          .recorder()
          .add(new Transfer(attempt, source, token, target, OptionalLong.empty(), moves));
      throw open;
    }
  }

  /** A refusal may leave it open whether it happened: what took too long may yet be done. */
  private static Outcome outcome(ImapClient.Response response) {
    return response.tagged().startsWith("OK") ? Outcome.DONE : Outcome.UNKNOWN;
  }

  /** A refusal does not end the session, but it is looked at. */
  private void fail(String command, ImapClient.Response response) {
    if (!response.tagged().startsWith("OK") && !isTemporary(response.tagged())) {
      complain(command + " was answered by: " + response.tagged());
    }
  }

  private static OptionalLong number(Pattern pattern, ImapClient.Response response) {
    String text = response.tagged() + "\n" + String.join("\n", response.untagged());
    Matcher m = pattern.matcher(text);
    return m.find() ? OptionalLong.of(Long.parseLong(m.group(1))) : OptionalLong.empty();
  }

  private String anyFlag() {
    return FLAGS.get(dice.nextInt(FLAGS.size()));
  }

  @Override
  boolean isTemporary(String reply) {
    return FolderSession.isTemporary(reply);
  }
}
