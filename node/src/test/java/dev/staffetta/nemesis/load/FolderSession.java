package dev.staffetta.nemesis.load;

import dev.staffetta.client.ImapClient;
import dev.staffetta.client.UnexpectedReply;
import dev.staffetta.nemesis.history.Attempt;
import dev.staffetta.nemesis.history.Folder;
import dev.staffetta.nemesis.history.FollowedView;
import dev.staffetta.nemesis.history.Operation.Delivery;
import dev.staffetta.nemesis.history.Outcome;
import dev.staffetta.nemesis.history.Read;
import dev.staffetta.nemesis.history.Span;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IMAP session that follows the folder it has selected, and writes down a read whenever it knows
 * all of it.
 */
public final class FolderSession implements AutoCloseable {
  private static final Pattern UID = Pattern.compile("[( ]UID (\\d+)");
  private static final Pattern FETCHED = Pattern.compile("\\* (\\d+) FETCH ");
  private static final Pattern APPENDED = Pattern.compile("APPENDUID \\d+ (\\d+)");
  private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)\\}");

  private final String client;
  private final NodeAddress node;
  private final Scene scene;
  private final ImapClient imap;
  private final Map<Long, String> tokens = new HashMap<>();
  private FollowedView view = new FollowedView();
  private Folder folder = new Folder("", "");
  private long uidValidity;

  /** Connects and logs in. */
  public FolderSession(String client, NodeAddress node, Scene scene, String account)
      throws IOException {
    this.client = client;
    this.node = node;
    this.scene = scene;
    imap = new ImapClient(node.ports().imap(), Scene.REPLY_DEADLINE);
    try {
      imap.login(account, scene.password());
    } catch (IOException e) {
      imap.close();
      throw e;
    }
    imap.listener(this::hear);
  }

  /** Refusals that a client must be ready for (RFC 5530). */
  static boolean isTemporary(String reply) {
    return reply.startsWith("NO [UNAVAILABLE]")
        || reply.startsWith("NO [EXPUNGEISSUED]")
        // In place of a greeting: the node stops.
        || reply.startsWith("* BYE");
  }

  private void hear(String response) {
    view.hear(response);
  }

  Folder folder() {
    return folder;
  }

  FollowedView view() {
    return view;
  }

  String token(long uid) {
    return tokens.getOrDefault(uid, "?");
  }

  /** Selects a folder and learns all of it; what it saw is written down. */
  public void select(Folder selected, boolean isFinal) throws IOException {
    tokens.clear();
    view = new FollowedView();
    folder = selected;
    long began = scene.recorder().now();
    String told = String.join("\n", ok("SELECT " + folder.name()).untagged());
    uidValidity = number(told, "UIDVALIDITY (\\d+)");
    long uidNext = number(told, "UIDNEXT (\\d+)");
    learn();
    record(began, OptionalLong.of(uidNext), isFinal);
  }

  /** Asks for news; what is known then is written down. */
  public void refresh(boolean isFinal) throws IOException {
    long began = scene.recorder().now();
    ok("NOOP");
    learn();
    record(began, OptionalLong.empty(), isFinal);
  }

  /**
   * Asks for what it was not told of messages that it knows to be there; more may come meanwhile.
   */
  private void learn() throws IOException {
    OptionalLong unknown = view.firstUnknown(tokens::containsKey);
    while (unknown.isPresent()) {
      long first = unknown.getAsLong();
      List<String> answers =
          ok("FETCH " + first + ":* (UID FLAGS BODY.PEEK[HEADER.FIELDS (" + Letter.FIELDS + ")])")
              .untagged();
      for (String answer : answers) {
        Matcher uid = UID.matcher(answer);
        if (FETCHED.matcher(answer).lookingAt() && uid.find()) {
          Letter.token(answer).ifPresent(t -> tokens.put(Long.valueOf(uid.group(1)), t));
        }
      }
      unknown = view.firstUnknown(tokens::containsKey);
      if (unknown.equals(OptionalLong.of(first))) {
        throw new UnexpectedReply(
            "FETCH " + first + " in " + folder, "OK, but UID, FLAGS or header were not there");
      }
    }
  }

  private void record(long began, OptionalLong uidNext, boolean isFinal) {
    Span span = new Span(began, scene.recorder().now());
    List<Read.Sighting> messages =
        view.uids().stream()
            .map(uid -> new Read.Sighting(uid, token(uid), view.flags(uid)))
            .toList();
    scene
        .recorder()
        .add(new Read(client, node.name(), span, folder, uidValidity, uidNext, messages, isFinal));
  }

  /** Holds what it followed against what the server says when asked anew. */
  public void verify() throws IOException {
    if (view.size() == 0) {
      return;
    }
    Map<Long, Set<String>> followed = new HashMap<>();
    view.uids().forEach(uid -> followed.put(uid, view.flags(uid)));
    List<String> answers = ok("FETCH 1:* (UID FLAGS)").untagged();
    for (String answer : answers) {
      Matcher uid = UID.matcher(answer);
      if (FETCHED.matcher(answer).lookingAt() && uid.find()) {
        long number = Long.parseLong(uid.group(1));
        Set<String> before = followed.remove(number);
        if (before != null && !before.equals(view.flags(number))) {
          complain(
              "the session was told flags "
                  + before
                  + " of "
                  + folder
                  + "#"
                  + number
                  + ", but they are "
                  + view.flags(number));
        }
      }
    }
    if (!followed.isEmpty()) {
      complain("the session knew of " + followed + " in " + folder + ", but FETCH did not show it");
    }
  }

  /** Fetches every message whole and holds its body against its digest. */
  public void readAll() throws IOException {
    if (view.size() == 0) {
      return;
    }
    for (String answer : ok("FETCH 1:* (UID BODY.PEEK[])").untagged()) {
      Matcher literal = LITERAL.matcher(answer);
      if (FETCHED.matcher(answer).lookingAt() && literal.find()) {
        int end = literal.end() + Integer.parseInt(literal.group(1));
        if (!Letter.isWhole(answer.substring(literal.end(), end))) {
          complain("a body in " + folder + " is not what was sent: " + answer.substring(0, 80));
        }
      }
    }
  }

  /** A command whose answer does not matter as long as it is one. */
  ImapClient.Response command(String command) throws IOException {
    view.commandBegins(command);
    ImapClient.Response response = imap.command(command);
    view.commandEnds();
    tellFaults();
    return response;
  }

  private ImapClient.Response ok(String command) throws IOException {
    ImapClient.Response response = command(command);
    if (!response.tagged().startsWith("OK")) {
      throw new UnexpectedReply(command, response.tagged());
    }
    return response;
  }

  /** Appends a new message and writes down what became of it; the answer, without its tag. */
  public String appendOne(Folder target, Random dice) throws IOException {
    Letter letter = Letter.random(dice);
    long began = scene.recorder().now();
    Outcome outcome = Outcome.UNKNOWN;
    OptionalLong uid = OptionalLong.empty();
    try {
      ImapClient.Response response = append(target, "", letter.bytes());
      Matcher appended = APPENDED.matcher(response.tagged());
      if (response.tagged().startsWith("OK") && appended.find()) {
        outcome = Outcome.DONE;
        uid = OptionalLong.of(Long.parseLong(appended.group(1)));
      }
      return response.tagged();
    } finally {
      Attempt attempt =
          new Attempt(client, node.name(), new Span(began, scene.recorder().now()), outcome);
      scene.recorder().add(new Delivery(attempt, letter.token(), List.of(target), Set.of(), uid));
    }
  }

  ImapClient.Response append(Folder target, String flags, byte[] message) throws IOException {
    ImapClient.Response response = imap.tryAppend(target.name(), flags, message);
    tellFaults();
    return response;
  }

  /** Idles for so long. */
  public void idle(Duration time) throws IOException {
    imap.idle();
    imap.listen(time);
    imap.done();
    tellFaults();
  }

  private void tellFaults() {
    view.takeFaults().forEach(fault -> complain(fault + ", in " + folder));
  }

  private void complain(String what) {
    scene.recorder().complain(client, node.name(), what);
  }

  private static long number(String text, String regex) throws IOException {
    Matcher m = Pattern.compile(regex).matcher(text);
    if (!m.find()) {
      throw new IOException("no " + regex + " in " + text);
    }
    return Long.parseLong(m.group(1));
  }

  @Override
  public void close() throws IOException {
    imap.close();
  }
}
