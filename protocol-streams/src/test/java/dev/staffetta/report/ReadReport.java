package dev.staffetta.report;

import dev.staffetta.mime.BodyPart;
import dev.staffetta.mime.MessageParser;
import dev.staffetta.mime.MessageSummary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.pekko.util.ByteString;

/**
 * A report as a mail program reads it: by the structure of the message.
 *
 * @param header of the message, by lower-case name
 * @param status groups of fields: of the message, then of each recipient (RFC 3464 2.1)
 */
public record ReadReport(
    MessageSummary summary,
    Map<String, String> header,
    String text,
    List<Map<String, String>> status,
    ByteString returned) {

  /** Reads a report, or fails the test. */
  public static ReadReport of(ByteString message) {
    MessageParser parser = new MessageParser();
    parser.offer(message);
    MessageSummary summary = parser.finish();
    List<BodyPart> parts = summary.body().parts();
    if (parts.size() != 3) {
      throw new AssertionError("a report has three parts, not " + parts.size());
    }
    String header = utf8(message.take((int) summary.headerSize()));
    List<Map<String, String>> groups = new ArrayList<>();
    for (String group : utf8(body(message, parts.get(1))).split("\r\n\r\n", -1)) {
      if (!group.isBlank()) {
        groups.add(fields(group));
      }
    }
    return new ReadReport(
        summary,
        fields(header),
        utf8(body(message, parts.get(0))),
        groups,
        body(message, parts.get(2)));
  }

  private static ByteString body(ByteString message, BodyPart part) {
    return message.drop((int) part.bodyOffset()).take((int) part.bodySize());
  }

  private static Map<String, String> fields(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line : text.replaceAll("\r\n[ \t]", " ").split("\r\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      int colon = line.indexOf(':');
      if (colon < 1
          || fields.put(
                  line.substring(0, colon).toLowerCase(Locale.ROOT),
                  line.substring(colon + 1).trim())
              != null) {
        throw new AssertionError("no field, or one twice: " + line);
      }
    }
    return fields;
  }

  private static String utf8(ByteString bytes) {
    return bytes.decodeString(StandardCharsets.UTF_8);
  }
}
