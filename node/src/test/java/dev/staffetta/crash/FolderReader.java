package dev.staffetta.crash;

import dev.staffetta.client.ImapClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a whole folder over IMAP, as the checker wants it. */
final class FolderReader {
  private static final Pattern UID = Pattern.compile("UID (\\d+)");
  private static final Pattern FLAGS = Pattern.compile("FLAGS \\(([^)]*)\\)");
  private static final Pattern SIZE = Pattern.compile("RFC822\\.SIZE (\\d+)");
  private static final Pattern TOKEN = Pattern.compile("(?i)X-Token: (\\S+)");

  private FolderReader() {}

  static Checker.FolderState read(ImapClient imap, String folder) throws IOException {
    ImapClient.Response selected = imap.ok("EXAMINE " + folder);
    String text = String.join("\n", selected.untagged());
    long uidValidity = number(text, Pattern.compile("UIDVALIDITY (\\d+)"));
    long uidNext = number(text, Pattern.compile("UIDNEXT (\\d+)"));
    long exists = number(text, Pattern.compile("\\* (\\d+) EXISTS"));
    List<Sighting> messages = new ArrayList<>();
    if (exists > 0) {
      ImapClient.Response fetched =
          imap.ok("FETCH 1:* (UID FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (X-Token)])");
      for (String line : fetched.untagged()) {
        if (line.contains(" FETCH ") && TOKEN.matcher(line).find()) {
          messages.add(
              new Sighting(
                  folder,
                  number(line, UID),
                  text(line, TOKEN),
                  Set.of(text(line, FLAGS).split(" ", -1)),
                  number(line, SIZE)));
        }
      }
      if (messages.size() != exists) {
        throw new IOException(
            folder + " has " + exists + " messages, FETCH gave " + messages.size());
      }
    }
    return new Checker.FolderState(uidValidity, uidNext, messages);
  }

  private static long number(String text, Pattern pattern) throws IOException {
    return Long.parseLong(text(text, pattern));
  }

  private static String text(String text, Pattern pattern) throws IOException {
    Matcher m = pattern.matcher(text);
    if (!m.find()) {
      throw new IOException("no " + pattern + " in " + text);
    }
    return m.group(1);
  }
}
