package dev.staffetta.dialogue;

import dev.staffetta.dialogue.DialogueLine.Expected;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;

/**
 * A script as it was read.
 *
 * @param name for messages: the file
 */
public record DialogueScript(String name, List<String> text) {
  private static final Pattern LINE =
      Pattern.compile("(C|S|TLS)(\\d?)(|\\+|\\*|-EOF): ?(.*)", Pattern.DOTALL);
  private static final Pattern ESCAPE = Pattern.compile("\\\\(r|n|t|\\\\|x[0-9A-Fa-f]{2}|.?)");

  public DialogueScript {
    text = List.copyOf(text);
  }

  /** A script written in the test itself. */
  public static DialogueScript of(String text) {
    return new DialogueScript("script", text.lines().toList());
  }

  /** The script at a place of the class path: {@code dialogues/pop3/rfc1939.txt}. */
  public static DialogueScript load(String resource) {
    try (InputStream in = DialogueScript.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no script " + resource + " on the class path");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new DialogueScript(resource, text.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every {@code .txt} of a folder of the class path, a jar's too, by name. */
  public static List<DialogueScript> all(String folder) {
    URL url = DialogueScript.class.getClassLoader().getResource(folder);
    if (url == null) {
      throw new IllegalArgumentException("no folder " + folder + " on the class path");
    }
    try {
      URI uri = url.toURI();
      if (!uri.getScheme().equals("jar")) {
        return all(folder, Path.of(uri));
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return all(folder, jar.getPath(folder));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<DialogueScript> all(String folder, Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".txt"))
          .sorted()
          .map(file -> load(folder + "/" + file))
          .toList();
    }
  }

  /** This script with a value for <code>${key}</code>. */
  public DialogueScript with(String key, String value) {
    return new DialogueScript(
        name, text.stream().map(line -> line.replace("${" + key + "}", value)).toList());
  }

  @Override
  public String toString() {
    return name;
  }

  /** The lines that say something; a line that cannot be understood is an error. */
  List<DialogueLine> lines() {
    List<DialogueLine> lines = new ArrayList<>();
    int number = 0;
    Optional<List<Expected>> block = Optional.empty();
    int blockConnection = 0;
    for (String line : text) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.matches("S\\d?\\{")) {
        block = Optional.of(new ArrayList<>());
        blockConnection = connection(line.substring(1, line.length() - 1));
      } else if (line.equals("S}") && block.isPresent()) {
        lines.add(new DialogueLine.ExpectAll(number, blockConnection, block.get()));
        block = Optional.empty();
      } else {
        DialogueLine read = read(number, line);
        if (block.isEmpty()) {
          lines.add(read);
        } else if (read instanceof DialogueLine.Expect expect) {
          block.get().add(expect.line());
        } else {
          throw wrong(number, line, "between S{ and S} stand only S: lines");
        }
      }
    }
    if (block.isPresent()) {
      throw wrong(number, "", "S{ without S}");
    }
    return lines;
  }

  private DialogueLine read(int number, String line) {
    Matcher m = LINE.matcher(line);
    if (!m.matches()) {
      throw wrong(number, line, "expected C: S: C+: S*: C-EOF: S-EOF: TLS: S{ S} or #");
    }
    int connection = connection(m.group(2));
    String rest = m.group(4);
    if (rest.contains("${")) {
      throw wrong(number, line, "no value was given for this name");
    }
    return switch (m.group(1) + m.group(3)) {
      case "C" -> new DialogueLine.Send(number, connection, ByteString.fromString(rest + "\r\n"));
      case "C+" -> new DialogueLine.Send(number, connection, unescape(number, rest));
      case "C-EOF" -> new DialogueLine.ClientCloses(number, connection);
      case "S" -> new DialogueLine.Expect(number, connection, Expected.of(rest));
      case "S*" -> new DialogueLine.ExpectSome(number, connection, Expected.of(rest));
      case "S-EOF" -> new DialogueLine.ServerCloses(number, connection);
      case "TLS" -> new DialogueLine.StartTls(number, connection);
      default -> throw wrong(number, line, "no such mark");
    };
  }

  private ByteString unescape(int number, String text) {
    ByteString bytes = ByteString.emptyByteString();
    Matcher m = ESCAPE.matcher(text);
    int done = 0;
    while (m.find()) {
      bytes = bytes.concat(ByteString.fromString(text.substring(done, m.start())));
      done = m.end();
      String escape = m.group(1);
      if (escape.isEmpty() || !"rnt\\x".contains(escape.substring(0, 1)) || escape.equals("x")) {
        throw wrong(number, text, "escapes are \\r \\n \\t \\\\ \\xHH");
      }
      int octet =
          switch (escape.charAt(0)) {
            case 'r' -> '\r';
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'x' -> Integer.parseInt(escape.substring(1), 16);
            default -> '\\';
          };
      bytes = bytes.concat(ByteString.fromArray(new byte[] {(byte) octet}));
    }
    return bytes.concat(ByteString.fromString(text.substring(done)));
  }

  private static int connection(String digit) {
    return digit.isEmpty() ? 1 : Integer.parseInt(digit);
  }

  private IllegalArgumentException wrong(int number, String line, String why) {
    return new IllegalArgumentException(name + ":" + number + ": '" + line + "': " + why);
  }
}
