package dev.staffetta.dialogue;

import dev.staffetta.dialogue.DialogueLine.Expected;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.apache.pekko.util.ByteString;

/** Runs a script; a line that does not match fails with all that was said before it. */
public final class Dialogue {
  private final DialogueScript script;
  private final IntFunction<? extends DialogueConnection> connect;
  private final Map<Integer, DialogueConnection> connections = new TreeMap<>();
  private final StringBuilder said = new StringBuilder();

  /** A line that was read, but belongs to what the script says next. */
  private final Map<Integer, String> ahead = new TreeMap<>();

  private Dialogue(DialogueScript script, IntFunction<? extends DialogueConnection> connect) {
    this.script = script;
    this.connect = connect;
  }

  /**
   * Runs a script over connections that it opens as it meets them and closes at its end.
   *
   * @param connect opens the connection with this number, from 1
   * @return the whole dialogue, as it is printed when it fails
   */
  public static String run(
      DialogueScript script, IntFunction<? extends DialogueConnection> connect) {
    Dialogue dialogue = new Dialogue(script, connect);
    try {
      dialogue.run();
    } finally {
      dialogue.connections.values().forEach(DialogueConnection::close);
    }
    return dialogue.said.toString();
  }

  /** Runs a script that has one connection. */
  public static String run(DialogueScript script, DialogueConnection connection) {
    return run(
        script,
        number -> {
          if (number != 1) {
            throw new IllegalArgumentException(script + " has a connection " + number);
          }
          return connection;
        });
  }

  /** Runs a part of a dialogue over a connection that stays open for the next part. */
  public static String step(DialogueScript part, DialogueConnection connection) {
    Dialogue dialogue = new Dialogue(part, number -> connection);
    dialogue.run();
    return dialogue.said.toString();
  }

  private void run() {
    List<DialogueLine> lines = script.lines();
    for (int i = 0; i < lines.size(); i++) {
      DialogueLine line = lines.get(i);
      if (line instanceof DialogueLine.Send send) {
        send(send);
      } else if (line instanceof DialogueLine.Expect expect) {
        expect(expect, expect.line());
      } else if (line instanceof DialogueLine.ExpectSome some) {
        if (i + 1 == lines.size()
            || !(lines.get(i + 1) instanceof DialogueLine.Expect next)
            || next.connection() != some.connection()) {
          throw new IllegalArgumentException(
              script + ":" + some.number() + ": after S*: must come an S: of the connection");
        }
        expectSome(some, next.line());
      } else if (line instanceof DialogueLine.ExpectAll all) {
        expectAll(all);
      } else if (line instanceof DialogueLine.ClientCloses) {
        connection(line).close();
        say("C", line, "(closes)");
      } else if (line instanceof DialogueLine.ServerCloses) {
        expectEnd(line);
      } else if (line instanceof DialogueLine.StartTls) {
        if (!connection(line).unread().isEmpty()) {
          fail(line, "TLS", "starts TLS, but the server sent more in plain text");
        }
        connection(line).startTls();
        say("TLS", line, "");
      }
    }
    connections.forEach(
        (number, connection) -> {
          ByteString unread = connection.unread();
          if (!unread.isEmpty() || ahead.containsKey(number)) {
            throw new AssertionError(
                script
                    + ": the script is at its end, but the server also sent\n"
                    + ahead.getOrDefault(number, "")
                    + unread.utf8String()
                    + "\nafter\n"
                    + said);
          }
        });
  }

  private void send(DialogueLine.Send send) {
    DialogueConnection connection = connection(send);
    String shown = send.bytes().utf8String();
    boolean isLine = shown.endsWith("\r\n") && shown.indexOf('\n') == shown.length() - 1;
    say(
        isLine ? "C" : "C+",
        send,
        isLine
            ? shown.substring(0, shown.length() - 2)
            : shown.replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n"));
    connection.send(send.bytes());
  }

  private void expect(DialogueLine at, Expected expected) {
    String line = next(at, expected.text());
    if (!expected.matches(line)) {
      fail(at, "S", "expected: " + expected.text() + "\n     but was: " + line);
    }
    say("S", at, line);
  }

  private void expectSome(DialogueLine.ExpectSome some, Expected end) {
    String line = next(some, end.text());
    while (!end.matches(line)) {
      if (!some.line().matches(line)) {
        fail(
            some,
            "S",
            "expected any: "
                + some.line().text()
                + "\n  or at last: "
                + end.text()
                + "\n     but was: "
                + line);
      }
      say("S", some, line);
      line = next(some, end.text());
    }
    ahead.put(some.connection(), line);
  }

  private void expectAll(DialogueLine.ExpectAll all) {
    List<Expected> missing = new ArrayList<>(all.lines());
    while (!missing.isEmpty()) {
      List<String> texts = missing.stream().map(Expected::text).toList();
      String line = next(all, "one of " + texts);
      Optional<Expected> found = missing.stream().filter(e -> e.matches(line)).findFirst();
      if (found.isEmpty()) {
        fail(all, "S", "expected one of: " + texts + "\n     but was: " + line);
      }
      missing.remove(found.get());
      say("S", all, line);
    }
  }

  private void expectEnd(DialogueLine at) {
    DialogueConnection connection = connection(at);
    if (ahead.containsKey(at.connection()) || !connection.isEnded()) {
      Optional<String> more = Optional.ofNullable(ahead.get(at.connection())).or(connection::line);
      fail(
          at,
          "S",
          "expected that the server closes the connection\n     but "
              + more.map(line -> "it sent: " + line).orElse("it stays open"));
    }
    say("S", at, "(closes)");
  }

  private String next(DialogueLine at, String expected) {
    String before = ahead.remove(at.connection());
    if (before != null) {
      return before;
    }
    Optional<String> line = connection(at).line();
    if (line.isEmpty()) {
      fail(at, "S", "expected: " + expected + "\n     but nothing more came");
    }
    return line.get();
  }

  private DialogueConnection connection(DialogueLine line) {
    return connections.computeIfAbsent(line.connection(), connect::apply);
  }

  private void say(String who, DialogueLine line, String what) {
    said.append(who)
        .append(line.connection() == 1 ? "" : Integer.toString(line.connection()))
        .append(": ")
        .append(what)
        .append('\n');
  }

  private void fail(DialogueLine at, String who, String what) {
    throw new AssertionError(
        script + ":" + at.number() + ": after\n" + said + who + " " + what + "\n");
  }
}
