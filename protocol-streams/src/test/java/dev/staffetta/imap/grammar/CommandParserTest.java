package dev.staffetta.imap.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.staffetta.imap.SequenceSet;
import dev.staffetta.imap.fetch.FetchItem;
import dev.staffetta.imap.fetch.FetchItem.Attribute;
import dev.staffetta.imap.fetch.Section;
import dev.staffetta.imap.search.SearchKey;
import dev.staffetta.ports.Mailboxes.Access;
import dev.staffetta.ports.Mailboxes.StoreMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandParserTest {
  @Test
  void namesAreReadInEveryCase() {
    assertThat(command("noop")).isEqualTo(new Command.Noop());
    assertThat(command("uId fEtCh 1 fLaGs"))
        .isEqualTo(new Command.Fetch(true, SequenceSet.of(1), List.of(Attribute.FLAGS)));
  }

  @Test
  void anAstringIsAnAtomAQuotedStringOrALiteral() {
    Command login = new Command.Login("mrc", "se\"cret");
    assertThat(command("LOGIN mrc \"se\\\"cret\"")).isEqualTo(login);
    assertThat(command("LOGIN {3}\r\nmrc {7+}\r\nse\"cret")).isEqualTo(login);
    assertThat(command("LOGIN mrc \"\"")).isEqualTo(new Command.Login("mrc", ""));
    assertThat(command("LOGIN m]rc +x")).isEqualTo(new Command.Login("m]rc", "+x"));
  }

  @Test
  void inboxIsTheSameInEveryCase() {
    assertThat(command("SELECT inBox")).isEqualTo(new Command.Select("INBOX", Access.READ_WRITE));
    assertThat(command("EXAMINE \"INBOX/x\""))
        .isEqualTo(new Command.Select("INBOX/x", Access.READ_ONLY));
  }

  @Test
  void mailboxNamesAreModifiedUtf7() {
    assertThat(command("DELETE &ZeVnLIqe-")).isEqualTo(new Command.Delete("日本語"));
    assertThat(why("DELETE &ZeVnLIqe")).contains("UTF-7");
    assertThat(why("DELETE {4}\r\nna\u00efv")).contains("UTF-7");
  }

  @Test
  void fetchHasMacros() {
    assertThat(items("FAST"))
        .containsExactly(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.RFC822_SIZE);
    assertThat(items("ALL")).endsWith(Attribute.ENVELOPE).hasSize(4);
    assertThat(items("full")).endsWith(Attribute.ENVELOPE, Attribute.BODY).hasSize(5);
    assertThat(why("FETCH 1 (ALL)")).contains("ALL");
  }

  @Test
  void fetchHasSectionsWithPartials() {
    assertThat(items("(UID BODY[] BODY BODYSTRUCTURE RFC822.HEADER UID)"))
        .containsExactly(
            Attribute.UID,
            new FetchItem.BodySection(Section.whole(), Optional.empty(), false),
            Attribute.BODY,
            Attribute.BODYSTRUCTURE,
            Attribute.RFC822_HEADER);
    assertThat(items("BODY.PEEK[4.2.HEADER.FIELDS.NOT (DATE \"x y\" {2}\r\nto)]<10.20>"))
        .containsExactly(
            new FetchItem.BodySection(
                new Section(
                    List.of(4, 2), Section.Text.HEADER_FIELDS_NOT, List.of("DATE", "x y", "to")),
                Optional.of(new FetchItem.Partial(10, 20)),
                true));
    assertThat(items("body[1.mime]"))
        .containsExactly(
            new FetchItem.BodySection(
                Section.of(List.of(1), Section.Text.MIME), Optional.empty(), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FETCH 1 ()",
        "FETCH 0 FLAGS",
        "FETCH 1: FLAGS",
        "FETCH 4294967296 FLAGS",
        "FETCH a FLAGS",
        "FETCH 1 BODY[MIME]",
        "FETCH 1 BODY[0]",
        "FETCH 1 BODY[1.]",
        "FETCH 1 BODY[HEADER.FIELDS]",
        "FETCH 1 BODY[HEADER.FIELDS ()]",
        "FETCH 1 BODY[]<0>",
        "FETCH 1 BODY[]<0.0>",
        "FETCH 1 BODY[]<-1.5>",
        "FETCH 1 BODY[",
        "FETCH 1 BODY.PEEK",
        "FETCH 1 MODSEQ",
        "FETCH 1 (FLAGS  UID)",
        "FETCH 1 (FLAGS",
        "FETCH 1 FLAGS ",
        "FETCH  1 FLAGS",
        "NOOP x",
        "NOOP ",
        "XYZZY",
        "LOGIN mrc",
        "LOGIN mrc \"se",
        "LOGIN mrc \"s\\e\"",
        "LOGIN mrc \"s\re\"",
        "LOGIN mrc a{b",
        "LOGIN mrc {9}\r\nsecret",
        "LOGIN mrc {3}\r\na\0b",
        "STORE 1 FLAG \\Seen",
        "STORE 1 ++FLAGS \\Seen",
        "STORE 1 FLAGS",
        "STORE 1 FLAGS \\Recent",
        "STORE 1 FLAGS \\",
        "STORE 1 FLAGS (\\Seen",
        "STORE 1 FLAGS (a]b)",
        "APPEND INBOX",
        "LIST \"\"",
        "LIST (NONSENSE) \"\" *",
        "LIST (RECURSIVEMATCH) \"\" *",
        "LIST \"\" () ",
        "LIST \"\" * RETURN (NONSENSE)",
        "STATUS INBOX ()",
        "STATUS INBOX (SIZES)",
        "SEARCH",
        "SEARCH (SEEN",
        "SEARCH ()",
        "SEARCH NOT",
        "SEARCH OR SEEN",
        "SEARCH SINCE 31-Feb-1994",
        "SEARCH SINCE 1-Foo-1994",
        "SEARCH SINCE 1-Feb-94",
        "SEARCH KEYWORD \"x\"",
        "SEARCH TEXT {1}\r\n\u00ff",
        "SEARCH RETURN (NONSENSE) ALL",
        "UID NOOP",
        "UID EXPUNGE",
        "UID",
        "ID",
        "ID (\"a\")",
        "AUTHENTICATE",
        "ENABLE",
        "CREATE x (USE (Sent))",
      })
  void whatIsNoCommandIsSaidToBeNone(String text) {
    assertThat(parse("a1 " + text)).isInstanceOf(Parsed.Bad.class);
    assertThat(((Parsed.Bad) parse("a1 " + text)).tag()).contains("a1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a1", "+1 NOOP", "(a NOOP", "\"a\" NOOP", "a\u00e9 NOOP"})
  void withoutATagTheReplyHasNone(String text) {
    assertThat(((Parsed.Bad) parse(text)).tag()).isEmpty();
  }

  @Test
  void storeNamesFlagsWithOrWithoutParentheses() {
    assertThat(command("STORE 2:4 +FLAGS.SILENT (\\deleted $Junk)"))
        .isEqualTo(
            new Command.Store(
                false, SequenceSet.of(2, 4), StoreMode.ADD, true, Set.of("\\Deleted", "$Junk")));
    assertThat(command("UID STORE 1 -FLAGS \\Seen \\Draft"))
        .isEqualTo(
            new Command.Store(
                true, SequenceSet.of(1), StoreMode.REMOVE, false, Set.of("\\Seen", "\\Draft")));
    assertThat(command("STORE 1 FLAGS ()"))
        .isEqualTo(new Command.Store(false, SequenceSet.of(1), StoreMode.REPLACE, false, Set.of()));
  }

  @Test
  void searchKeysStandInOneAnother() {
    assertThat(key("OR SEEN (FLAGGED NOT 1:3) UNKEYWORD x"))
        .isEqualTo(
            new SearchKey.And(
                List.of(
                    new SearchKey.Or(
                        SearchKey.SEEN,
                        new SearchKey.And(
                            List.of(
                                SearchKey.FLAGGED,
                                new SearchKey.Not(new SearchKey.Numbers(SequenceSet.of(1, 3)))))),
                    new SearchKey.Not(new SearchKey.Keyword("x")))));
  }

  @Test
  void searchHasCharsetsAndDates() {
    assertThat(key("CHARSET utf-8 SUBJECT {7}\r\nna\u00c3\u00afve "))
        .isEqualTo(new SearchKey.Subject("naïve "));
    assertThat(command("SEARCH CHARSET KOI8-R TEXT x")).isEqualTo(new Command.UnknownCharset());
    assertThat(key("SENTSINCE \"1-Feb-1994\""))
        .isEqualTo(new SearchKey.SentDate(SearchKey.When.SINCE, LocalDate.of(1994, 2, 1)));
    assertThat(key("RETURN (MIN COUNT) HEADER Received \"\""))
        .isEqualTo(new SearchKey.Header("Received", ""));
  }

  @Test
  void anEmptyReturnOfSearchMeansAll() {
    Command.Search search = (Command.Search) command("SEARCH RETURN () ALL");
    assertThat(search.options())
        .isEqualTo(new SearchOptions(true, Set.of(SearchOptions.Return.ALL)));
  }

  @Test
  void searchKeysCannotStandTooDeep() {
    assertThat(why("SEARCH " + "(".repeat(30_000))).contains("deep");
    assertThat(why("SEARCH " + "NOT ".repeat(10_000) + "SEEN")).contains("deep");
  }

  @Test
  void appendIsReadUpToItsMessage() {
    assertThat(append("a APPEND Sent (\\Seen x) \"17-Jul-1996 02:44:25 -0700\" {310}"))
        .isEqualTo(
            new AppendStart.MessageNext(
                new AppendStart(
                    "a",
                    "Sent",
                    Set.of("\\Seen", "x"),
                    Optional.of(Instant.parse("1996-07-17T09:44:25Z")))));
    assertThat(append("a append {4+}\r\nSent \" 7-Jul-1996 02:44:25 +0000\" {310+}"))
        .isEqualTo(
            new AppendStart.MessageNext(
                new AppendStart(
                    "a", "Sent", Set.of(), Optional.of(Instant.parse("1996-07-07T02:44:25Z")))));
    assertThat(append("a APPEND {4}")).isInstanceOf(AppendStart.OtherLiteral.class);
    assertThat(append("a LOGIN {4}")).isInstanceOf(AppendStart.OtherLiteral.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a APPEND Sent x {3}",
        "a APPEND Sent ~{3}",
        "a APPEND Sent  {3}",
        "a APPEND Sent (\\Recent) {3}",
        "a APPEND Sent \"17-Jul-1996\" {3}",
        "a APPEND Sent \"32-Jul-1996 02:44:25 -0700\" {3}",
        "a APPEND Sent \"17-Jul-1996 24:44:25 -0700\" {3}",
        "a APPEND Sent \"17-Jul-1996 02:44:25 -9900\" {3}",
      })
  void anAppendThatIsNoneIsKnownBeforeItsMessage(String text) {
    assertThat(append(text)).isInstanceOf(AppendStart.Wrong.class);
  }

  @Property
  void everyInputHasAnAnswer(@ForAll byte[] bytes) {
    assertThat(CommandParser.parse(ByteString.fromArray(bytes))).isNotNull();
    assertThat(AppendStart.read(ByteString.fromArray(bytes))).isNotNull();
  }

  private static final List<String> WORDS =
      List.of(
          "a1",
          " ",
          "UID ",
          "FETCH ",
          "STORE ",
          "SEARCH ",
          "1:*",
          "2,3 ",
          "(",
          ")",
          "BODY[",
          "]",
          "HEADER.FIELDS ",
          "<0.",
          ">",
          "{3}\r\nabc",
          "{",
          "\"",
          "\\Seen",
          "FLAGS ",
          "OR ",
          "NOT ",
          "SINCE ",
          "1-Feb-1994",
          "LIST ",
          "%",
          "*",
          "RETURN ",
          "STATUS ",
          "APPEND ",
          "INBOX ",
          "CHARSET UTF-8 ",
          "9999999999999999999",
          "\0",
          "\u00ff",
          "&-");

  @Property
  void everyRowOfWordsHasAnAnswer(@ForAll @Size(max = 15) List<@IntRange(max = 35) Integer> words) {
    String text = "a1 " + String.join("", words.stream().map(WORDS::get).toList());
    assertThat(parse(text)).isNotNull();
    assertThat(append(text)).isNotNull();
  }

  private static Parsed parse(String text) {
    return CommandParser.parse(ByteString.fromString(text, StandardCharsets.ISO_8859_1));
  }

  private static AppendStart.Reading append(String text) {
    return AppendStart.read(ByteString.fromString(text, StandardCharsets.ISO_8859_1));
  }

  private static Command command(String text) {
    Parsed parsed = parse("a1 " + text);
    assertThat(parsed).isInstanceOf(Parsed.Understood.class);
    return ((Parsed.Understood) parsed).command();
  }

  private static String why(String text) {
    return ((Parsed.Bad) parse("a1 " + text)).why();
  }

  private static List<FetchItem> items(String text) {
    return ((Command.Fetch) command("FETCH 1 " + text)).items();
  }

  private static SearchKey key(String text) {
    return ((Command.Search) command("SEARCH " + text)).key();
  }
}
