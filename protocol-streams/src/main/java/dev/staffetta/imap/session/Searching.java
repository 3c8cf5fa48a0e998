package dev.staffetta.imap.session;

import dev.staffetta.imap.grammar.Command;
import dev.staffetta.imap.grammar.SearchOptions;
import dev.staffetta.imap.grammar.SearchOptions.Return;
import dev.staffetta.imap.reply.ImapText;
import dev.staffetta.imap.reply.Reply;
import dev.staffetta.imap.search.SearchRequest;
import dev.staffetta.ports.MessageTable;
import dev.staffetta.ports.UidSet;
import java.nio.charset.StandardCharsets;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/** SEARCH and UID SEARCH (RFC 3501 6.4.4, RFC 4731). */
final class Searching {
  private Searching() {}

  static void begin(Turn turn, Command.Search command) {
    turn.whenSure(t -> search(t, command));
  }

  private static void search(Turn turn, Command.Search command) {
    Selection selection = turn.selection();
    SearchRequest request =
        new SearchRequest(
            turn.account(),
            selection.toldWithCurrentFlags(),
            selection.current().keywords(),
            selection.recentFrom(),
            command.key());
    turn.ask(
        new Effect.Search(request),
        (t, uids) -> {
          found(t, command, request.table(), uids);
          t.ok("SEARCH completed");
        });
  }

  private static void found(Turn turn, Command.Search command, MessageTable table, UidSet uids) {
    if (command.options().isExtended()) {
      UidSet numbers =
          command.byUid() ? uids : UidSet.ofAscending(table.sequenceNumbers(uids).asLongStream());
      String tag = turn.state().underWay().orElseThrow().tag();
      turn.say(extended(tag, command, numbers));
    } else {
      LongStream numbers =
          command.byUid() ? uids.stream() : table.sequenceNumbers(uids).asLongStream();
      turn.say(new Reply.Text(plain(numbers)));
    }
  }

  private static ByteString plain(LongStream numbers) {
    ByteStringBuilder line = ByteString.createBuilder();
    line.putBytes("* SEARCH".getBytes(StandardCharsets.US_ASCII));
    PrimitiveIterator.OfLong it = numbers.iterator();
    while (it.hasNext()) {
      line.putByte((byte) ' ');
      line.putBytes(Long.toString(it.nextLong()).getBytes(StandardCharsets.US_ASCII));
    }
    line.putBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    return line.result();
  }

  /** What is not there, as the lowest number of none, is left out (RFC 4731 3.1). */
  private static String extended(String tag, Command.Search command, UidSet numbers) {
    SearchOptions options = command.options();
    StringBuilder line = new StringBuilder("* ESEARCH (TAG " + ImapText.quoted(tag) + ")");
    line.append(command.byUid() ? " UID" : "");
    if (!numbers.isEmpty()) {
      if (options.returned().contains(Return.MIN)) {
        line.append(" MIN ").append(numbers.ranges().get(0).first());
      }
      if (options.returned().contains(Return.MAX)) {
        line.append(" MAX ").append(numbers.ranges().get(numbers.ranges().size() - 1).last());
      }
    }
    if (options.returned().contains(Return.COUNT)) {
      line.append(" COUNT ").append(numbers.size());
    }
    if (!numbers.isEmpty() && options.returned().contains(Return.ALL)) {
      line.append(" ALL ").append(numbers);
    }
    return line.toString();
  }
}
