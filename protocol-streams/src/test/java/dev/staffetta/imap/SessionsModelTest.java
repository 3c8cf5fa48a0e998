package dev.staffetta.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.dialogue.PureConnection;
import dev.staffetta.imap.framing.ImapFrame;
import dev.staffetta.imap.reply.Reply;
import dev.staffetta.imap.session.Effect;
import dev.staffetta.imap.session.ImapState;
import dev.staffetta.imap.session.Input;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.MailboxView;
import dev.staffetta.ports.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Several sessions do random things to one mailbox. Whenever one of them has said NOOP, what its
 * client was told so far must be the truth, message by message; and on the way there no client may
 * be told what cannot be, or when it may not be told.
 */
class SessionsModelTest {
  private static final List<String> FLAGS =
      List.of("\\Seen", "\\Deleted", "\\Flagged", "$One", "$Two");

  @Property(tries = 60)
  void everyClientKnowsTheTruthAfterNoop(@ForAll long seed) {
    new Run(seed, false, false).run();
  }

  @Property(tries = 60)
  void soItDoesWhenEventsComeAfterTheAnswers(@ForAll long seed) {
    new Run(seed, true, false).run();
  }

  @Property(tries = 60)
  void soItDoesWhenEventsAreLost(@ForAll long seed) {
    new Run(seed, true, true).run();
  }

  /** One run, from one seed. */
  private static final class Run {
    private final Random random;
    private final boolean isLate;
    private final boolean loses;
    private final ImapFixture fixture = new ImapFixture("view-timeout = 100ms");
    private final LateEvents late = new LateEvents(fixture.mail.mailboxes());
    private final List<Session> sessions = new ArrayList<>();

    Run(long seed, boolean isLate, boolean loses) {
      random = new Random(seed);
      this.isLate = isLate;
      this.loses = loses;
      for (int i = 0; i < 5; i++) {
        fixture.mail.put(fixture.alice, "Subject: " + i + "\r\n\r\n");
      }
      for (int i = 0; i < 3; i++) {
        sessions.add(new Session(isLate ? fixture.protocol(late) : fixture.protocol()));
      }
    }

    void run() {
      for (int i = 0; i < 60; i++) {
        sessions.get(random.nextInt(sessions.size())).doSomething();
        if (isLate) {
          late.deliverSome(random, loses);
        }
        if (random.nextInt(6) == 0) {
          fixture.mail.put(fixture.alice, "Subject: new\r\n\r\n");
        }
      }
      if (loses) {
        // What was lost is made up for when the next event is heard of.
        fixture.mail.put(fixture.alice, "Subject: last\r\n\r\n");
      }
      late.deliver();
      sessions.forEach(Session::checkTruth);
    }

    /** One client. */
    private final class Session {
      private final PureConnection<ImapState, ImapFrame, Input, Reply, Effect<?>> connection;
      private final ClientModel model = new ClientModel();
      private final List<String> said = new ArrayList<>();
      private int tags;
      private boolean idles;

      Session(ImapProtocol protocol) {
        connection = PureConnection.open(protocol, PureConnection.fromLoopback()).patient();
        lines();
        command("LOGIN alice@example.com secret", true);
        command("SELECT INBOX", true);
      }

      void doSomething() {
        if (idles) {
          model.take(lines(), true);
          if (random.nextInt(3) == 0) {
            stopIdling();
          }
          return;
        }
        int size = model.entries.size();
        String flag = FLAGS.get(random.nextInt(FLAGS.size()));
        String sign = List.of("", "+", "-").get(random.nextInt(3));
        String set = size == 0 ? "" : set(size);
        switch (random.nextInt(size == 0 ? 6 : 17)) {
          case 0 -> command("NOOP", true);
          case 1 -> command("EXPUNGE", true);
          case 2 -> checkTruth();
          case 3 -> startIdling();
          case 4 -> command("LIST \"\" INBOX", true);
          case 5 -> command("APPEND INBOX (" + flag + ") {5+}\r\nhello", true);
          case 6, 7 -> command("STORE " + set + " " + sign + "FLAGS (" + flag + ")", false);
          case 8 -> storeSilently(set, sign, flag);
          case 9 -> command("UID STORE 1:* +FLAGS (" + flag + ")", true);
          case 10 -> command("COPY " + set + " INBOX", true);
          case 11 -> command("MOVE " + set + " INBOX", true);
          case 12 -> command("UID EXPUNGE 1:" + (3 + random.nextInt(10)), true);
          case 13 -> command("FETCH " + set + " (UID FLAGS)", false);
          case 14 -> command("UID FETCH 1:* (FLAGS)", true);
          case 15 -> command("SEARCH FLAGGED", false);
          default -> {
            model.reset();
            command("SELECT INBOX", true);
          }
        }
      }

      private String set(int size) {
        int one = 1 + random.nextInt(size);
        int other = 1 + random.nextInt(size);
        return random.nextBoolean() ? String.valueOf(one) : one + ":" + other;
      }

      /** The client takes its own change for done; what it was told of meanwhile comes on top. */
      private void storeSilently(String set, String sign, String flag) {
        List<ClientModel.Entry> named =
            SequenceSet.parse(set).orElseThrow().resolve(model.entries.size()).stream()
                .mapToObj(n -> model.entries.get((int) n - 1))
                .toList();
        for (ClientModel.Entry entry : named) {
          entry.flags =
              entry.flags.map(
                  flags -> {
                    Set<String> after = sign.isEmpty() ? new TreeSet<>() : new TreeSet<>(flags);
                    if (sign.equals("-")) {
                      after.remove(flag);
                    } else {
                      after.add(flag);
                    }
                    return after;
                  });
        }
        command("STORE " + set + " " + sign + "FLAGS.SILENT (" + flag + ")", false);
      }

      private void startIdling() {
        connection.send(ImapFixture.bytes("t" + ++tags + " IDLE\r\n"));
        model.take(lines(), true);
        idles = true;
      }

      private void stopIdling() {
        idles = false;
        connection.send(ImapFixture.bytes("DONE\r\n"));
        model.take(lines(), true);
      }

      /** What the client knows is so. */
      void checkTruth() {
        if (idles) {
          stopIdling();
        }
        if (isLate) {
          if (loses) {
            fixture.mail.put(fixture.alice, "Subject: heard of\r\n\r\n");
          }
          late.deliver();
        }
        command("NOOP", true);
        MailboxView truth = fixture.mail.view(fixture.inbox());
        assertThat(model.entries.size()).as("%s", said).isEqualTo(truth.messages().size());
        for (int i = 0; i < model.entries.size(); i++) {
          ClientModel.Entry entry = model.entries.get(i);
          Message message = truth.messages().get(i + 1);
          entry.uid.ifPresent(uid -> assertThat(uid).as("%s", said).isEqualTo(message.uid()));
          entry.flags.ifPresent(
              flags ->
                  assertThat(flags)
                      .as("message %s after %s", message.uid(), said)
                      .isEqualTo(names(truth, message)));
        }
        // Now it learns every UID and flag there is.
        command("UID STORE 1:* +FLAGS ()", true);
        assertThat(model.entries).allMatch(entry -> entry.uid.isPresent());
      }

      private void command(String text, boolean mayExpunge) {
        String tag = "t" + ++tags;
        connection.send(ImapFixture.bytes(tag + " " + text + "\r\n"));
        List<String> lines = lines();
        if (isLate && lines.stream().noneMatch(line -> line.startsWith(tag))) {
          if (loses) {
            fixture.mail.put(fixture.alice, "Subject: heard of\r\n\r\n");
          }
          late.deliver();
        }
        // A search, or the end of a FETCH, comes from another thread.
        while (!isTagged(lines, tag)) {
          Optional<String> line = connection.line();
          assertThat(line).as("the rest of the reply to %s, %s", text, lines).isPresent();
          lines.add(line.get());
        }
        said.add(text + " -> " + lines);
        assertThat(lines).as("%s", said).isNotEmpty();
        // A copy of what others expunged meanwhile is the one thing that may be refused.
        assertThat(lines.get(lines.size() - 1).substring(tag.length()))
            .as("%s", said)
            .matches(" OK .*| NO \\[EXPUNGEISSUED\\] .*");
        try {
          model.take(lines, mayExpunge);
        } catch (AssertionError e) {
          throw new AssertionError(e.getMessage() + "\nafter " + String.join("\n", said), e);
        }
      }

      private static boolean isTagged(List<String> lines, String tag) {
        return !lines.isEmpty() && lines.get(lines.size() - 1).startsWith(tag + " ");
      }

      private List<String> lines() {
        List<String> lines = new ArrayList<>();
        while (!connection.unread().isEmpty()) {
          Optional<String> line = connection.line();
          line.ifPresent(lines::add);
        }
        return lines;
      }
    }

    private static Set<String> names(MailboxView view, Message message) {
      Set<String> names = new TreeSet<>();
      List<String> all = new ArrayList<>(Flags.SYSTEM_NAMES);
      all.addAll(view.keywords());
      for (int i = 0; i < all.size(); i++) {
        if ((message.flags() & 1L << i) != 0) {
          names.add(all.get(i));
        }
      }
      return names;
    }
  }
}
